namespace PgDurable.Worker.Engine.Substitution;

public class IntervalTextTests
{
    [Theory]
    [InlineData("1", true)]
    [InlineData(" -1.5 ", true)]
    [InlineData("1 day 2", true)]
    [InlineData("1:30", true)]
    [InlineData("1:30 ago", true)]
    [InlineData("P0001-02-03T04:05:06", false)]
    [InlineData("(3)", true)]
    [InlineData("2026-02", true)]
    [InlineData("20260228", true)]
    [InlineData("1 2:03", true)]
    [InlineData("1 hour", false)]
    [InlineData("P1DT2H", false)]
    [InlineData("2026-02-28", false)]
    [InlineData("2026-02-28 12:34:56", false)]
    [InlineData("3, 1", false)]
    [InlineData("order 66", false)]
    [InlineData("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", false)]
    [InlineData("größe 1", false)]
    [InlineData("it's", false)]
    [InlineData("", false)]
    public void DependsOnPlace_IsWhatAModifierCouldChange(string text, bool expected) =>
        Assert.Equal(expected, IntervalText.DependsOnPlace(text));
}

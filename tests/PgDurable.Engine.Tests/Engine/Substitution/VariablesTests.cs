namespace PgDurable.Worker.Engine.Substitution;

public class VariablesTests
{
    [Theory]
    [InlineData("no braces", "no braces")]
    [InlineData("{x}", "X")]
    [InlineData("a{x}b{x}c", "aXbXc")]
    [InlineData("{x}{x}", "XX")]
    [InlineData("'{x}' -- {x}", "'X' -- X")]
    [InlineData("{unknown} {x}", "{unknown} X")]
    [InlineData("{ x }", "{ x }")]
    [InlineData("{X}", "{X}")]
    [InlineData("{}", "{}")]
    [InlineData("{x", "{x")]
    [InlineData("x}", "x}")]
    [InlineData("}{x}", "}X")]
    public void Replace_KnownName_IsItsValue(string text, string expected) =>
        Assert.Equal(expected, Variables.Replace(text, Facts.Of(("x", "X"))));

    [Theory]
    [InlineData("""{"key":"{x}"}""", """{"key":"X"}""")]
    [InlineData("""{"a":{"b":"{x}"},"c":{x}}""", """{"a":{"b":"X"},"c":X}""")]
    [InlineData("{{x}}", "{X}")]
    public void Replace_VariableInsideJson_IsReplacedToo(string text, string expected) =>
        Assert.Equal(expected, Variables.Replace(text, Facts.Of(("x", "X"))));

    [Fact]
    public void Replace_InstanceIdAndLabel_AreKnown() =>
        Assert.Equal("i42/nightly", Variables.Replace("{sys_instance_id}/{sys_label}", Facts.None));

    [Fact]
    public void Replace_NoLabel_IsEmpty() => Assert.Equal("<>", Variables.Replace("<{sys_label}>", Facts.None with { Label = null }));

    [Fact]
    public void Replace_VariableNamedLikeASystemOne_DoesNotHideIt() =>
        Assert.Equal("i42", Variables.Replace("{sys_instance_id}", Facts.Of(("sys_instance_id", "mine"))));

    [Fact]
    public void Replace_ValueWithBraces_IsNotReadAgain() =>
        Assert.Equal("{y} {x}", Variables.Replace("{x} {z}", Facts.Of(("x", "{y}"), ("y", "never"), ("z", "{x}"))));
}

namespace PgDurable.Worker.Engine;

public class TruthinessTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    [InlineData("1", true)]
    [InlineData("-0.5", true)]
    [InlineData("0", false)]
    [InlineData("0.00", false)]
    [InlineData("-0", false)]
    [InlineData("0e9", false)]
    [InlineData("1e999", true)]
    [InlineData("1e-999", true)]
    [InlineData("\"1e-999\"", true)]
    [InlineData("\"-Infinity\"", true)]
    [InlineData("\"\"", false)]
    [InlineData("\"  \"", false)]
    [InlineData("\" FALSE \"", false)]
    [InlineData("\"f\"", false)]
    [InlineData("\"No\"", false)]
    [InlineData("\"t\"", true)]
    [InlineData("\"Yes\"", true)]
    [InlineData("\"0.0\"", false)]
    [InlineData("\"-0\"", false)]
    [InlineData("\"0.01\"", true)]
    [InlineData("\"NaN\"", true)]
    [InlineData("\"off\"", true)]
    [InlineData("\"0,0\"", true)]
    [InlineData("\"null\"", true)]
    [InlineData("\"\\ud800\"", true)]
    [InlineData("[]", false)]
    [InlineData("[false]", true)]
    [InlineData("{}", false)]
    [InlineData("""{"timed_out":true}""", true)]
    [InlineData("""{"rows":1}""", true)]
    public void Of_Value_DecidesAsAWhole(string json, bool expected) => Assert.Equal(expected, Truthiness.Of(new StepResult(json, null)));

    [Theory]
    [InlineData("", 0, false)]
    [InlineData("""{"b":true}""", 1, true)]
    [InlineData("""{"b":false,"c":true}""", 1, false)]
    [InlineData("""{"b":true},{"b":false}""", 2, true)]
    [InlineData("""{"n":"0.0000"}""", 1, false)]
    [InlineData("""{"n":"12.50"}""", 1, true)]
    [InlineData("""{"n":null}""", 1, false)]
    [InlineData("""{"j":[]}""", 1, false)]
    [InlineData("""{"j":{"a":1}}""", 1, true)]
    [InlineData("""{"t":"\ud800"}""", 1, true)]
    [InlineData("{}", 1, true)]
    public void Of_Rows_TheFirstColumnOfTheFirstRowDecides(string rows, int count, bool expected) =>
        Assert.Equal(expected, Truthiness.Of(new StepResult($$"""{"rows":[{{rows}}],"row_count":{{count}},"rows_affected":0}""", null)));

    [Theory]
    [InlineData("no", false)]
    [InlineData("yes, please", true)]
    [InlineData("", false)]
    public void Of_TextThatIsNoJson_IsAString(string text, bool expected) =>
        Assert.Equal(expected, Truthiness.Of(new StepResult(text, null)));
}

using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Sdk.Tests.Algebra;

public sealed class JsonbTextTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.00", "0.00")]
    [InlineData("1.50", "1.50")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("1e3", "1000")]
    [InlineData("1.50E+1", "15.0")]
    [InlineData("1.5e1", "15")]
    [InlineData("12e-1", "1.2")]
    [InlineData("-1e-3", "-0.001")]
    [InlineData("0e9", "0")]
    [InlineData("0.00e1", "0.0")]
    [InlineData("100e-2", "1.00")]
    public void Number_AnyForm_IsThatOfNumeric(string json, string expected) => Assert.Equal(expected, JsonbText.Number(json));

    [Theory]
    [InlineData("""{ "bb" : 1, "a" : [ ], "é" : {}, "a": true }""", """{"a":true,"bb":1,"é":{}}""")]
    [InlineData("\"\\u00e9\\/\\u0001\\\"\"", "\"é/\\u0001\\\"\"")]
    [InlineData("[null, false, \"\"]", "[null,false,\"\"]")]
    public void Write_Value_IsThatOfJsonb(string json, string expected) => Assert.Equal(expected, JsonbText.Write(JsonElement.Parse(json)));
}

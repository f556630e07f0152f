using System.Text;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Sdk.Tests.Shared;

public sealed class GraphWriterTests
{
    [Theory]
    [InlineData("a\"b\\c/d", "\"a\\\"b\\\\c/d\"")]
    [InlineData("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"")]
    [InlineData("\u0001\u001f\u007f", "\"\\u0001\\u001f\u007f\"")]
    [InlineData("ü 🐘 \u2028 <&'>", "\"ü 🐘 \u2028 <&'>\"")]
    public void AppendString_EscapesWhatPostgresEscapes(string text, string expected)
    {
        var json = new StringBuilder();
        GraphWriter.AppendString(json, text);

        Assert.Equal(expected, json.ToString());
        Assert.Equal(text, JsonElement.Parse(json.ToString()).GetString());
    }
}

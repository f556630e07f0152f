using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Engine.Tests.Sql;

namespace PgDurable.Worker.Store.Results;

public class ValueEncoderTests
{
    internal static string Encode(uint oid, string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            ValueEncoder.Write(writer, oid, text);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    [Theory]
    [InlineData(16, "t", "true")]
    [InlineData(16, "f", "false")]
    [InlineData(21, "-3", "-3")]
    [InlineData(20, "9223372036854775807", "9223372036854775807")]
    [InlineData(700, "3.14", "3.14")]
    [InlineData(701, "3.14", "3.14")]
    [InlineData(701, "1e+20", "1e+20")]
    [InlineData(701, "2.9802322387695312e-08", "2.9802322387695312e-08")]
    [InlineData(701, "-0", "-0")]
    [InlineData(701, "NaN", "\"NaN\"")]
    [InlineData(700, "-Infinity", "\"-Infinity\"")]
    [InlineData(1700, "123456.7890", "\"123456.7890\"")]
    [InlineData(1700, "NaN", "\"NaN\"")]
    [InlineData(25, "größe 🙂 \"\n", "\"größe \\uD83D\\uDE42 \\\"\\n\"")]
    [InlineData(1042, "ab ", "\"ab \"")]
    [InlineData(17, "\\x00ff", "\"\\\\x00ff\"")]
    [InlineData(114, "{\"a\": [1, \"\\u0041\"]}", "{\"a\": [1, \"\\u0041\"]}")]
    [InlineData(3802, "\"x\"", "\"x\"")]
    [InlineData(2278, "", "null")]
    [InlineData(26, "16384", "\"16384\"")]
    [InlineData(2950, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"")]
    [InlineData(99999, "happy", "\"happy\"")]
    public void Write_Scalar_HasItsForm(uint oid, string text, string json) => Assert.Equal(json, Encode(oid, text));

    [Theory]
    [InlineData(1184, "2024-06-15 12:30:00+00", "2024-06-15T12:30:00+00:00")]
    [InlineData(1184, "2024-06-15 12:30:00.5+00", "2024-06-15T12:30:00.500+00:00")]
    [InlineData(1184, "2024-06-15 12:30:00.1234-05:30", "2024-06-15T12:30:00.123400-05:30")]
    [InlineData(1184, "0044-03-15 00:00:00+00 BC", "0044-03-15T00:00:00+00:00 BC")]
    [InlineData(1184, "12024-06-15 12:30:00+00", "12024-06-15T12:30:00+00:00")]
    [InlineData(1184, "-infinity", "-infinity")]
    [InlineData(1114, "2024-06-15 12:30:00.123456", "2024-06-15T12:30:00.123456")]
    [InlineData(1114, "infinity", "infinity")]
    [InlineData(1082, "2024-06-15", "2024-06-15")]
    [InlineData(1186, "1 day 02:00:00", "1 day 02:00:00")]
    public void Write_Time_IsRfc3339WherePossible(uint oid, string text, string json) => Assert.Equal($"\"{json}\"", Encode(oid, text));

    [Theory]
    [InlineData(1007, "{}", "[]")]
    [InlineData(1007, "{1,NULL,-3}", "[1,null,-3]")]
    [InlineData(1007, "{{1,2},{3,4}}", "[[1,2],[3,4]]")]
    [InlineData(1007, "[0:1]={1,2}", "[1,2]")]
    [InlineData(1009, "{a,\"b,c\",\"d\\\"\\\\e\",\"NULL\",NULL,\"\"}", "[\"a\",\"b,c\",\"d\\\"\\\\e\",\"NULL\",null,\"\"]")]
    [InlineData(1000, "{t,f}", "[true,false]")]
    [InlineData(1022, "{NaN,1e-07,NULL,-Infinity}", "[\"NaN\",1e-07,null,\"-Infinity\"]")]
    [InlineData(3807, "{\"{\\\"a\\\": 1}\",2}", "[{\"a\": 1},2]")]
    [InlineData(1020, "{(1,1),(0,0);(2,2),(1,1)}", "[\"(1,1),(0,0)\",\"(2,2),(1,1)\"]")]
    [InlineData(1185, "{\"2024-06-15 12:30:00+00\"}", "[\"2024-06-15T12:30:00+00:00\"]")]
    [InlineData(1007, "{1:2", "\"{1:2\"")]
    [InlineData(1007, "", "\"\"")]
    [InlineData(1007, "{1,}", "\"{1,}\"")]
    public void Write_Array_IsAJsonArray(uint oid, string text, string json) => Assert.Equal(json, Encode(oid, text));

    [Theory]
    [InlineData(3802, "{\"a\": null}", true)]
    [InlineData(3802, "null", false)]
    [InlineData(114, " 1", false)]
    [InlineData(701, "NaN", true)]
    [InlineData(1007, "{{1,2},{3,4}}", true)]
    [InlineData(1007, "[0:1]={1,2}", false)]
    [InlineData(1007, "{1:2", true)]
    [InlineData(1020, "{(1,1),(0,0);(2,2),(1,1)}", true)]
    [InlineData(3807, "{1,NULL,\"[1]\"}", true)]
    [InlineData(3807, "{1,\"null\"}", false)]
    [InlineData(3807, "{{1},{2}}", false)]
    [InlineData(199, "{\" 1\"}", false)]
    [InlineData(1184, "2024-06-15 12:30:00+00", true)]
    [InlineData(1184, "infinity", true)]
    [InlineData(1184, "0044-03-15 00:00:00+00 BC", false)]
    [InlineData(1115, "{\"0044-03-15 00:00:00 BC\"}", false)]
    [InlineData(1115, "{\"12044-03-15 00:00:00\"}", false)]
    public void IsFaithful_WhereTheJsonGivesTheValueBack_IsTrue(uint oid, string text, bool isFaithful)
    {
        Assert.True(BuiltinTypes.TryGet(oid, out var type));
        Assert.Equal(isFaithful, ValueEncoder.IsFaithful(type, text));
    }

    // Text that only looks like lower bounds stays text.
    [Theory]
    [InlineData("[0:1]=")]
    [InlineData("[=")]
    public void Write_BoundsWithoutArray_IsText(string text) => Assert.Equal($"\"{text}\"", Encode(1009, text));

    [Fact]
    public void Write_AnyTextAsArray_IsValidJson() => Texts.ForAll(text => JsonDocument.Parse(Encode(1009, text)).Dispose());
}

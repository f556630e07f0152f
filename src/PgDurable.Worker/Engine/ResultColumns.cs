using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PgDurable.Worker.Engine;

/// <summary>The columns as they are stored beside a result: <c>[["a","pg_catalog.int8"],["b",null]]</c>.</summary>
internal static class ResultColumns
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string? Serialize(IReadOnlyList<ResultColumn>? columns)
    {
        if (columns == null)
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartArray();
            foreach (var column in columns)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(column.Name);
                writer.WriteStringValue(column.TypeName);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static IReadOnlyList<ResultColumn>? Deserialize(string? json)
    {
        if (json == null)
            return null;
        using var document = JsonDocument.Parse(json);
        var columns = new ResultColumn[document.RootElement.GetArrayLength()];
        var index = 0;
        foreach (var column in document.RootElement.EnumerateArray())
            columns[index++] = new ResultColumn(column[0].GetString()!, column[1].GetString());
        return columns;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PgDurable.Worker.Engine;

/// <summary>
/// The columns as they are stored beside a result: <c>[["a","pg_catalog.int8"],["b",null]]</c>. If the member has another name, that is the
/// third part. Values that JSON can't represent are the fourth part: <c>["j","pg_catalog.jsonb","j",{"0":"null"}]</c>.
/// </summary>
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
                if (column.Exact != null || column.Member != column.Name)
                    writer.WriteStringValue(column.Member);
                column.Exact?.Write(writer);
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
        {
            var (name, parts) = (column[0].GetString()!, column.GetArrayLength());
            columns[index++] = new ResultColumn(
                name, column[1].GetString(), parts > 2 ? column[2].GetString()! : name, parts > 3 ? ExactTexts.Read(column[3]) : null);
        }
        return columns;
    }
}

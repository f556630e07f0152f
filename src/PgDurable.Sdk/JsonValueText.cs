using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PgDurable;

/// <summary>Values as JSON text, written and read by generated code.</summary>
internal static class JsonValueText
{
    // A value of a json column may be nested deeper than the default limit of 64 levels.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Graph.JsonbText.MaxDepth };

    public static string Write<T>(Action<Utf8JsonWriter, T> write, T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static T Read<T>(Func<JsonElement, T> read, string json) => read(JsonElement.Parse(json, Options));
}

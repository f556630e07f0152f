using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PgDurable;

/// <summary>A value of an activity as JSON.</summary>
/// <param name="write">Writes it.</param>
/// <param name="read">Reads it.</param>
internal sealed class ActivityJson<T>(Action<Utf8JsonWriter, T> write, Func<JsonElement, T> read)
{
    // A value of a json column may be nested deeper than the default limit of 64 levels.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Graph.JsonbText.MaxDepth };

    public string Write(T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <exception cref="WorkflowResultException">A member is missing or doesn't fit its property.</exception>
    public T Read(string json) => read(JsonElement.Parse(json, Options));

    /// <exception cref="ActivityInputException">The input doesn't fit the type.</exception>
    public T ReadInput(string activity, string json)
    {
        try
        {
            return Read(json);
        }
        catch (Exception exception)
        {
            throw new ActivityInputException(activity, exception);
        }
    }
}

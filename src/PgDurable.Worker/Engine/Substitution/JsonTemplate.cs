using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>
/// JSON whose strings hold references. A string that is exactly one reference becomes the typed value; in any other string, values are
/// inserted as text. Everything is encoded, so no value can break the document.
/// </summary>
internal static class JsonTemplate
{
    // The depth that a node's settings may have, and the writer's limit.
    private const int MaxDepth = JsonbText.MaxDepth;

    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = MaxDepth };
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    /// <exception cref="SubstitutionException">A reference to a known name can't be replaced.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, StepResult> names, InstanceFacts facts)
    {
        try
        {
            using var document = JsonDocument.Parse(template, ReadOptions);
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer, Options))
                Write(json, document.RootElement, names, facts);
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new SubstitutionException(
                $"the JSON is nested deeper than {MaxDepth} levels, or has a string that is not valid Unicode",
                "Build the value in a SQL step, and refer to that as a whole.");
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement element, IReadOnlyDictionary<string, StepResult> names, InstanceFacts facts)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value, names, facts);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(json, item, names, facts);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                WriteString(json, element.GetString()!, names, facts);
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    private static void WriteString(Utf8JsonWriter json, string text, IReadOnlyDictionary<string, StepResult> names, InstanceFacts facts)
    {
        if (!RawSubstitution.TryWhole(text, names, out var reference))
        {
            json.WriteStringValue(RawSubstitution.Substitute(text, names, facts));
            return;
        }
        var value = RawSubstitution.Value(reference);
        if (value.ValueKind == JsonValueKind.Undefined)
            json.WriteNullValue();
        else
            json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
    }
}

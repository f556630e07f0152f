using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PgDurable.Graph;

namespace PgDurable;

/// <summary>Writes arguments that are <c>jsonb</c> in SQL as PostgreSQL prints them.</summary>
internal static class JsonArgument
{
    /// <summary>How deep PostgreSQL lets JSON be nested.</summary>
    public static readonly JsonDocumentOptions Deep = new() { MaxDepth = JsonbText.MaxDepth };

    /// <exception cref="ArgumentException">PostgreSQL can't store the value.</exception>
    public static string? Text(JsonNode? value)
    {
        if (value is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(value.ToJsonString(), Deep);
            return JsonbText.Write(document.RootElement);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, e);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The JSON is nested too deeply: {e.Message}", e);
        }
    }

    /// <summary>JSON without blanks between its tokens, as <c>df._compact</c> leaves it.</summary>
    public static string Compact(string json)
    {
        var (text, inString) = (new StringBuilder(json.Length), false);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == '"')
                inString = !inString;
            if (inString && json[i] == '\\')
                text.Append(json[i++]);
            if (inString || json[i] is not (' ' or '\t' or '\r' or '\n'))
                text.Append(json[i]);
        }
        return text.ToString();
    }

    public static string? Headers(IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is null)
            return null;
        var value = new JsonObject();
        foreach (var (name, text) in headers)
        {
            StepText.Check(name);
            StepText.Check(text);
            value[name] = text;
        }
        return Text(value);
    }

    public static string? Parts(IReadOnlyCollection<DfPart>? parts)
    {
        if (parts is null)
            return null;
        var value = new JsonArray();
        foreach (var part in parts)
        {
            foreach (var text in (string?[])[part.Name, part.DataBase64, part.FileName, part.ContentType])
                StepText.Check(text ?? "");
            var item = new JsonObject { ["name"] = part.Name, ["data_b64"] = part.DataBase64 };
            if (part.FileName is not null)
                item["filename"] = part.FileName;
            if (part.ContentType is not null)
                item["content_type"] = part.ContentType;
            value.Add((JsonNode)item);
        }
        return Text(value);
    }
}

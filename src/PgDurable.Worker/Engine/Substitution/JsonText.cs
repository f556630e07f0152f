using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>JSON values as text.</summary>
internal static partial class JsonText
{
    /// <summary>The JSON as the input of its type: blanks are part of a json, but not of a jsonb.</summary>
    public static string Of(JsonElement json, string typeName) => typeName == TypeNames.Jsonb ? Compact(json) : json.GetRawText();

    /// <summary>The JSON without blanks between its parts; strings and numbers stay exactly as they are.</summary>
    public static string Compact(JsonElement json)
    {
        var raw = json.GetRawText();
        if (raw.AsSpan().IndexOfAny(" \t\r\n") < 0)
            return raw;
        var compact = new StringBuilder(raw.Length);
        var inString = false;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c == '"')
                inString = !inString;
            else if (!inString && c is (' ' or '\t' or '\r' or '\n'))
                continue;
            compact.Append(c);
            if (inString && c == '\\')
                compact.Append(raw[++i]);
        }
        return compact.ToString();
    }

    /// <summary>What a reader sees: a string as it is, everything else as JSON, nothing for null.</summary>
    public static string Plain(JsonElement json, string reference) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => String(json, reference),
        JsonValueKind.Number => json.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => Compact(json),
    };

    /// <summary>Whether a text is a JSON object with members, or a JSON array. <c>{}</c> may also be a PostgreSQL array.</summary>
    public static bool IsDocument(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed is not (['{', .., '}'] or ['[', .., ']']))
            return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array || document.RootElement.EnumerateObject().Any();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether there are escapes of characters that PostgreSQL may reject: NUL, and halves of surrogate pairs.</summary>
    public static bool MayBeInvalid(JsonElement json) => Unpaired().IsMatch(json.GetRawText());

    [GeneratedRegex("""\\u(0000|d[89a-f])""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Unpaired();

    /// <summary>A text as a JSON string.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    static string String(JsonElement json, string reference)
    {
        string value;
        try
        {
            value = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: valid in JSON, but not in text.
            throw NotText(reference, "is not valid Unicode");
        }
        return value.Contains('\0') ? throw NotText(reference, "contains the character \\u0000") : value;
    }

    static SubstitutionException NotText(string reference, string problem) => new(
        $"{reference} {problem}, which PostgreSQL can't store in text",
        "Clean the value where it enters the workflow.");
}

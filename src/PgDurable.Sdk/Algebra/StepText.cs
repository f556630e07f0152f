using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable;

/// <summary>
/// Reads text that a composer gets as a step. An envelope stays as it is, byte for byte except for surrounding blanks. Anything else is a
/// SQL statement.
/// </summary>
/// <remarks>The rules, and their messages, are those of the SQL function <c>df._as_node</c>.</remarks>
internal static partial class StepText
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    private static readonly string[] Keys = ["node_type", "left_node", "right_node", "condition_node", "extra_nodes", "query"];

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2 * Limits.MaxNodes };

    /// <exception cref="ArgumentException">The text can't be a step.</exception>
    public static DfNode Read(string text)
    {
        Check(text);
        if (text == "OK")
            throw new ArgumentException(
                "OK cannot be used as a workflow step: it is what df.setvar(), df.unsetvar(), df.clearvars() and "
                + "df.signal() return. Call them before df.start().");
        if (!IsEnvelope(text))
            return Sql(text);
        var envelope = text.Trim(Blanks);
        return new DfNode(envelope, new SqlExpression(new TextPieces(SqlQuote.Literal(envelope)), SqlForm.Closed));
    }

    public static DfNode Sql(string text)
    {
        Check(text);
        var form = CallWriter.IsPlain(text) ? SqlForm.Step : SqlForm.Closed;
        return Composition.Node(Composer<DfNode>.Sql(text), new SqlExpression(new TextPieces(CallWriter.Step(text)), form));
    }

    /// <summary>An envelope without its name and its end, with its keys in the usual order.</summary>
    public static string WithoutName(string envelope)
    {
        using var document = JsonDocument.Parse(envelope, Options);
        var members = Keys
            .Where(key => document.RootElement.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null)
            .Select(key => $"\"{key}\":{document.RootElement.GetProperty(key).GetRawText()}");
        return "{" + string.Join(',', members);
    }

    /// <exception cref="ArgumentException">PostgreSQL can't store the text.</exception>
    public static void Check(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("PostgreSQL can't store the character NUL.");
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done)
                throw new ArgumentException("The text is not valid Unicode: it has half of a surrogate pair.");
            rest = rest[length..];
        }
    }

    private static bool IsEnvelope(string text)
    {
        if (text.AsSpan().TrimStart(Blanks) is not ['{', ..])
            return false;
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return IsEnvelope(document.RootElement, text);
        }
        catch (JsonException e)
        {
            // It begins and ends as composers write, so it was meant as an envelope and isn't SQL.
            return text.EndsWith('}') && Composed().IsMatch(text) ? throw Malformed("invalid input syntax for type json", e) : false;
        }
        catch (InvalidOperationException)
        {
            return false; // a name that isn't valid Unicode can't be one of ours
        }
    }

    private static bool IsEnvelope(JsonElement root, string text)
    {
        if (!root.TryGetProperty("node_type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            if (type.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
                && root.TryGetProperty("_partial_if", out var partial) && partial.ValueKind is JsonValueKind.True or JsonValueKind.False)
                throw new ArgumentException(
                    "Invalid if-then-else: left side of !> must be a ?> expression, and every ?> expression needs its !>");
            return false;
        }
        if (HasUnstorableString(text))
            throw Malformed("unsupported Unicode escape sequence");
        if (!NodeKinds.TryParse(type.GetString()!, out _))
            throw new ArgumentException(NodeKinds.Unknown(type.GetString()!));
        if (NodeShape.Defect(root) is { } defect)
            throw Malformed(defect);
        // A name may occur twice: the name of df.as replaces an earlier one.
        var twice = root.EnumerateObject().Select(member => member.Name).Where(name => name != "result_name")
            .GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(names => names.Count() > 1);
        return twice is null ? true : throw Malformed($"duplicate field `{twice.Key}`");
    }

    /// <summary>Whether the text has an escape for a character that PostgreSQL can't store: NUL, or half of a surrogate pair.</summary>
    private static bool HasUnstorableString(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        try
        {
            while (reader.Read())
                if (reader.ValueIsEscaped && reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                    return true;
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static ArgumentException Malformed(string detail, Exception? innerException = null) =>
        new($"Invalid Durofut JSON: failed to deserialize workflow step: {detail}", innerException);

    // How composers begin a node with children.
    [GeneratedRegex("\\A\\{\"node_type\":\"[A-Z_]+\",\"left_node\":\\{\"node_type\":\"", RegexOptions.CultureInvariant)]
    private static partial Regex Composed();
}

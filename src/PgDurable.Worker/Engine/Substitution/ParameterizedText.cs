using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Writes a <see cref="ParameterizedSql"/> beside the text with literals, for as long as it is certain to mean the same.</summary>
internal sealed partial class ParameterizedText
{
    // Longer ones are not worth the server's memory.
    const int LongestText = 16 * 1024;

    readonly StringBuilder _text = new();
    readonly List<string> _values = [];
    bool _hasBareNumber;

    /// <summary>Whether a statement of this text can be prepared and later run again with the same meaning.</summary>
    public static bool IsPossible(string sql) => sql.Length <= LongestText && Plannable().IsMatch(sql) && !ReadWhileParsing().IsMatch(sql);

    public void Append(string sql, int start, int end) => _text.Append(sql, start, end - start);

    public void Append(in ReferenceValue value, string reference, bool isolate)
    {
        var json = value.Json;
        if (value.IsNull)
        {
            PlainValue.Append(_text, value, reference, isolate);
            return;
        }
        var type = value.TypeName ?? TypeOf(json);
        _values.Add(type == null ? JsonText.Plain(json, reference) : PlainValue.TextOf(json, type, reference));
        var isBare = type == null && !isolate;
        if (!isBare) _text.Append('(');
        _text.Append('$').Append(_values.Count.ToString(CultureInfo.InvariantCulture));
        if (type != null) _text.Append("::").Append(type);
        if (!isBare) _text.Append(')');
    }

    /// <summary>The statement; null when a number in it may be the position of a column.</summary>
    public ParameterizedSql? ToSql(string sql) =>
        _hasBareNumber && MayNamePositions().IsMatch(sql) ? null : new ParameterizedSql(_text.ToString(), _values);

    /// <summary>The type that PostgreSQL gives to the literal; null for a text, which takes its type from what stands around it.</summary>
    string? TypeOf(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array:
                return TypeNames.Jsonb;
            case JsonValueKind.True or JsonValueKind.False:
                return TypeNames.Boolean;
            case JsonValueKind.Number:
                _hasBareNumber = true;
                if (json.GetRawText().AsSpan().ContainsAny('.', 'e', 'E')) return TypeNames.Numeric;
                return json.TryGetInt32(out _) ? "pg_catalog.int4" : json.TryGetInt64(out _) ? "pg_catalog.int8" : TypeNames.Numeric;
            default:
                return null;
        }
    }

    [GeneratedRegex(@"\A\s*(select|insert|update|delete|merge|values|with)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Plannable();

    // A literal such as 'today' or 'name'::regrole is read once, when the statement is prepared.
    [GeneratedRegex(
        @"\b(now|today|tomorrow|yesterday)\b(?!\s*\()|\breg(proc|procedure|oper|operator|class|type|role|namespace|config|dictionary|collation)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReadWhileParsing();

    // ORDER BY 2, GROUP BY 2, DISTINCT ON (2)
    [GeneratedRegex(@"\b(by|distinct)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MayNamePositions();
}

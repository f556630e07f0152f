using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Writes a <see cref="ParameterizedSql"/> beside the text with literals, for as long as it is certain to mean the same.</summary>
internal sealed partial class ParameterizedText
{
    // Longer ones are not worth the server's memory.
    const int LongestText = 16 * 1024;

    readonly StringBuilder _text = new();
    readonly List<string> _values = [];
    bool _isPossible = true;
    bool _maySort;
    bool _mayBePosition;

    /// <summary>Whether a statement of this text can be prepared and later run again with the same meaning.</summary>
    public static bool IsPossible(string sql) =>
        sql.Length <= LongestText && Plannable().IsMatch(sql) && !ReadWhileParsing().IsMatch(sql) && !MaySpellAnything().IsMatch(sql);

    /// <summary>Looks at each token that is no gap, and remembers what may follow.</summary>
    public void See(string sql, in SqlToken token)
    {
        // ORDER BY 2, GROUP BY a, 2, GROUPING SETS ((2)), DISTINCT ON (2), ORDER BY -2: a literal is the number of a column there, or an error; a parameter is a value.
        var sorts = token.IsKeyword(sql, "by") || token.IsKeyword(sql, "distinct");
        _maySort |= sorts;
        _mayBePosition = sorts || token.IsKeyword(sql, "all") || token.Kind == SqlTokenKind.OpenParenthesis
            || (token.Kind == SqlTokenKind.Punctuation && sql[token.Start] == ',')
            || (token.Kind == SqlTokenKind.Operator && sql[token.End - 1] is '-' or '+' && _mayBePosition);
    }

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
        if (value.TypeName == null && json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) && _maySort && _mayBePosition)
            _isPossible = false;
        if (type == null && IntervalText.DependsOnPlace(JsonText.Plain(json, reference)))
            _isPossible = false;
        _values.Add(type == null ? JsonText.Plain(json, reference) : PlainValue.TextOf(value, type, reference));
        var isBare = type == null && !isolate;
        if (!isBare) _text.Append('(');
        _text.Append('$').Append(_values.Count.ToString(CultureInfo.InvariantCulture));
        if (type != null) _text.Append("::").Append(type);
        if (!isBare) _text.Append(')');
    }

    /// <summary>The statement; null when it could mean something else than the one with literals.</summary>
    public ParameterizedSql? ToSql() => _isPossible ? new ParameterizedSql(_text.ToString(), _values) : null;

    /// <summary>The type that PostgreSQL gives to the literal; null for a text, which takes its type from what stands around it.</summary>
    static string? TypeOf(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array:
                return TypeNames.Jsonb;
            case JsonValueKind.True or JsonValueKind.False:
                return TypeNames.Boolean;
            case JsonValueKind.Number:
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

    // E'\x74oday', U&'\0074oday', and 'to' that goes on as 'day' in the next line
    [GeneratedRegex(@"\b(e'[^']*\\|u&')|'[^\S\r\n]*(--[^\r\n]*)?[\r\n](\s|--[^\r\n]*[\r\n])*'", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MaySpellAnything();
}

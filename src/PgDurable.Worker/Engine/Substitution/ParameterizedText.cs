using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Writes a <see cref="ParameterizedSql"/>.</summary>
internal sealed class ParameterizedText
{
    readonly StringBuilder _text = new();
    readonly List<string> _values = [];

    public void Append(string sql, int start, int end) => _text.Append(sql, start, end - start);

    /// <summary>Appends a value; false if the statement could mean something else than with a literal.</summary>
    /// <param name="value">The value.</param>
    /// <param name="reference">What it stands for.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="takesIntervals">The statement may contain intervals with a modifier.</param>
    public bool TryAppend(in ReferenceValue value, string reference, ValuePlace place, bool takesIntervals)
    {
        if (value.IsNull)
        {
            PlainValue.Append(_text, value, reference, place.Isolate);
        }
        else
        {
            var type = value.TypeName ?? TypeOf(value);
            if (value.TypeName == null && type != TypeNames.Jsonb && place.MayBePosition)
                return false;
            var text = PlainValue.TextOf(value, type, reference);
            if (type == null && takesIntervals && IntervalText.DependsOnPlace(text))
                return false;
            _values.Add(text);
            var isBare = type == null && !place.Isolate;
            if (!isBare)
                _text.Append('(');
            _text.Append('$').Append(_values.Count.ToString(CultureInfo.InvariantCulture));
            if (type != null)
                _text.Append("::").Append(type);
            if (!isBare)
                _text.Append(')');
            if (type == null)
                return true;
        }
        if (place.IsColumn && (value.TypeName != null || !value.IsNull))
            _text.Append(SqlPieces.NoName);
        return true;
    }

    public ParameterizedSql ToSql() => new(_text.ToString(), _values);

    /// <summary>The type that PostgreSQL gives the literal; null for a text, which takes its type from the context.</summary>
    static string? TypeOf(in ReferenceValue value)
    {
        var json = value.Json;
        if (value.Exact is not null)
            return null;
        switch (json.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array:
                return TypeNames.Jsonb;
            case JsonValueKind.True or JsonValueKind.False:
                return TypeNames.Boolean;
            case JsonValueKind.Number:
                if (json.GetRawText().AsSpan().ContainsAny('.', 'e', 'E'))
                    return TypeNames.Numeric;
                return json.TryGetInt32(out _) ? "pg_catalog.int4" : json.TryGetInt64(out _) ? "pg_catalog.int8" : TypeNames.Numeric;
            default:
                return null;
        }
    }
}

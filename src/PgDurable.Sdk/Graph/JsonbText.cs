using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PgDurable.Graph;

/// <summary>
/// Writes JSON as PostgreSQL prints <c>jsonb</c>, but without blanks. Keys are sorted by length, then by their bytes; of equal keys, the
/// last one counts. Numbers have no exponent. So a value has the same text, whether it is composed in SQL or here.
/// </summary>
internal static class JsonbText
{
    /// <summary>The maximum nesting depth of JSON.</summary>
    public const int MaxDepth = 1000;

    // PostgreSQL's numeric has no more digits before the point, and not many more after it.
    private const int MaxExponent = 131_072;

    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    /// <exception cref="FormatException">A string contains NUL, or a number is too large for PostgreSQL.</exception>
    public static string Write(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                // OrderBy keeps equal keys in their order.
                var members = value.EnumerateObject()
                    .Select(member => (Key: Encoding.UTF8.GetBytes(member.Name), member.Name, member.Value))
                    .OrderBy(member => member.Key.Length).ThenBy(member => member.Key, ByBytes)
                    .ToList();
                text.Append('{');
                var first = true;
                for (var i = 0; i < members.Count; i++)
                {
                    if (i + 1 < members.Count && members[i + 1].Name == members[i].Name)
                        continue;
                    if (!first)
                        text.Append(',');
                    first = false;
                    AppendString(text, members[i].Name);
                    text.Append(':');
                    Append(text, members[i].Value);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                for (var i = 0; i < value.GetArrayLength(); i++)
                {
                    if (i > 0)
                        text.Append(',');
                    Append(text, value[i]);
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendString(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetRawText()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void AppendString(StringBuilder text, string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new FormatException("PostgreSQL can't store the character NUL.");
        GraphWriter.AppendString(text, value);
    }

    /// <summary>A JSON number as <c>numeric</c> prints it: <c>1e3</c> is 1000, <c>1.50e1</c> is 15.0, <c>-0.0</c> is 0.0.</summary>
    public static string Number(string json)
    {
        var e = json.IndexOfAny(['e', 'E']);
        var exponent = 0;
        if (e >= 0 && (!int.TryParse(json.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                       || exponent is < -MaxExponent or > MaxExponent))
            throw new FormatException($"PostgreSQL can't store the number {json}.");

        var mantissa = e < 0 ? json : json[..e];
        var isNegative = mantissa[0] == '-';
        if (isNegative)
            mantissa = mantissa[1..];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        // Where the point is among the digits, once the exponent has moved it.
        var whole = (point < 0 ? digits.Length : point) + exponent;
        if (whole > digits.Length)
            digits = digits.PadRight(whole, '0');
        if (whole < 1)
            (digits, whole) = (new string('0', 1 - whole) + digits, 1);
        var integer = digits[..whole].TrimStart('0');
        var number = (integer.Length == 0 ? "0" : integer) + (whole < digits.Length ? "." + digits[whole..] : "");
        return isNegative && number.AsSpan().ContainsAnyExcept('0', '.') ? "-" + number : number;
    }
}

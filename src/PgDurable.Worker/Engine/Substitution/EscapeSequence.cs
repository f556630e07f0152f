using System.Globalization;
using System.Text;
using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Backslash escapes in <c>E'…'</c>.</summary>
internal static class EscapeSequence
{
    /// <summary>The position after the escape that starts at <paramref name="backslash"/>.</summary>
    public static int EndOf(string sql, int backslash, int end)
    {
        var kind = backslash + 1;
        if (kind >= end)
            return end;
        var (start, digits) = sql[kind] switch
        {
            'x' => (kind + 1, 2),
            'u' => (kind + 1, 4),
            'U' => (kind + 1, 8),
            >= '0' and <= '7' => (kind, 3),
            _ => (kind + 1, 0),
        };
        var position = start;
        while (position < end && position < start + digits && SqlCharacters.IsHexDigit(sql[position]))
            position++;
        return position;
    }

    /// <summary>Whether the escape consists of digits, so that one more could belong to it.</summary>
    public static bool TakesDigits(string sql, int backslash, int end) =>
        backslash + 1 < end && sql[backslash + 1] is 'x' or 'u' or 'U' or (>= '0' and <= '7');

    /// <summary>A value directly after an escape like <c>\1</c> must not add a digit to it.</summary>
    public static bool WouldTake(string value) => value.Length > 0 && SqlCharacters.IsHexDigit(value[0]);

    /// <summary>A character as a complete escape, so that nothing after it belongs to it.</summary>
    public static void AppendCharacter(StringBuilder target, char c) =>
        target.Append("\\x").Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
}

using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>
/// Texts whose meaning as an interval depends on where they stand: <c>'1'</c> is an hour in <c>CAST('1' AS interval hour)</c>, and a second
/// elsewhere. No other type's input depends on a modifier. A literal takes it from its context; a parameter has none.
/// </summary>
internal static partial class IntervalText
{
    // The words that PostgreSQL knows, with the e of exponents and the p and t of ISO 8601.
    private static readonly FrozenSet<string> Units = FrozenSet.ToFrozenSet(
        [
            "ago", "c", "cent", "centuries", "century", "d", "day", "days", "dec", "decade", "decades", "decs", "e", "h", "hour", "hours",
            "hr", "hrs", "m", "microsecon", "microsecond", "microseconds", "mil", "millennia", "millennium", "millisecon", "millisecond",
            "milliseconds", "mils", "min", "mins", "minute", "minutes", "mon", "mons", "month", "months", "ms", "msec", "mseconds", "msecs",
            "p", "qtr", "quarter", "s", "sec", "second", "seconds", "secs", "t", "timezone", "us", "usec", "usecond", "useconds", "usecs",
            "w", "week", "weeks", "y", "year", "years", "yr", "yrs",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a modifier could make a difference: the text ends with a number without a unit, or has minutes that may be hours.
    /// </summary>
    public static bool DependsOnPlace(string text)
    {
        var endsWithDigit = false;
        var hasColon = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsLetter(text[i]))
            {
                var start = i;
                while (i + 1 < text.Length && char.IsLetter(text[i + 1]))
                    i++;
                // With any other word, it isn't an interval anywhere.
                if (!Units.Contains(text[start..(i + 1)]))
                    return false;
                endsWithDigit = false;
            }
            else if (char.IsAsciiDigit(text[i]))
            {
                endsWithDigit = true;
            }
            else if (text[i] == ':')
            {
                hasColon |= endsWithDigit;
            }
        }
        return hasColon ? !Date().IsMatch(text) : endsWithDigit && !DateOrTwoNumbers().IsMatch(text);
    }

    // As parameters, these are an error where an interval is expected, and then the statement runs with literals.
    [GeneratedRegex("[0-9]-[0-9]+-[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Date();

    [GeneratedRegex("[0-9]-[0-9]+-[0-9]|[0-9][ ,]+[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex DateOrTwoNumbers();
}

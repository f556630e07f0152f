using System.Globalization;
using System.Text.RegularExpressions;

namespace PgDurable.Cron;

/// <summary>One field of a cron expression: the values that match.</summary>
internal readonly record struct CronField(ulong Bits, bool IsAny)
{
    public static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    public static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static readonly Regex Item =
        new(@"\A(?:([*?])|(\w+)(?:-(\w+))?)(?:/([0-9]{1,9}))?\z", RegexOptions.CultureInvariant);

    public bool Matches(int value) => (Bits & (1UL << value)) != 0;

    /// <exception cref="FormatException">The text is no such field.</exception>
    public static CronField Parse(string text, string name, int low, int high, string[] names)
    {
        var bits = 0UL;
        foreach (var item in text.Split(','))
        {
            var match = Item.Match(item);
            var (any, first, last, step) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value);
            // ? is for the two fields of days.
            if (!match.Success || (any == "?" && name is not ("day of month" or "day of week")))
                throw new FormatException($"'{item}' is not a {name}: expected *, a value, a range a-b, or one of these with /step");

            var from = first.Length == 0 ? low : Value(first, name, names);
            var to = last.Length > 0 ? Value(last, name, names) : any.Length > 0 || step.Length > 0 ? high : from;
            // FRI-SUN: the Sunday that ends the week.
            if (names == Days && last.Length > 0 && to == 0 && from > 0 && !last.Any(IsDigit))
                to = 7;
            if (from < low || from > high || to < low || to > high)
                throw new FormatException(FormattableString.Invariant($"'{item}' is out of range: {name} is {low} to {high}"));
            if (to < from)
                throw new FormatException($"range '{item}' ends before it begins");
            var stride = step.Length == 0 ? 1 : int.Parse(step, NumberStyles.None, CultureInfo.InvariantCulture);
            if (stride < 1 || stride > high)
                throw new FormatException(FormattableString.Invariant($"step {step} is out of range: 1 to {high}"));
            for (var value = from; value <= to; value += stride)
                bits |= 1UL << value;
        }
        return new CronField(bits, text is "*" or "?");
    }

    private static int Value(string text, string name, string[] names)
    {
        if (text.Length <= 9 && text.All(IsDigit))
            return int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        var index = Array.FindIndex(
            names,
            full => text.Equals(full, StringComparison.OrdinalIgnoreCase)
                || text.Equals(full.Substring(0, 3), StringComparison.OrdinalIgnoreCase));
        return index < 0 ? throw new FormatException($"'{text}' is not a {name}") : names == Months ? index + 1 : index;
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';
}

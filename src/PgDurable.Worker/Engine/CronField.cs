using System.Globalization;

namespace PgDurable.Worker.Engine;

/// <summary>One field of a cron expression: the values that match.</summary>
internal readonly record struct CronField(ulong Bits, bool IsAny)
{
    public bool Matches(int value) => (Bits & (1UL << value)) != 0;

    /// <exception cref="FormatException">The text is no such field.</exception>
    public static CronField Parse(string text, string name, int low, int high, string[] names)
    {
        ulong bits = 0;
        foreach (var item in text.Split(','))
        {
            var (range, step) = Step(item, name, high);
            int from, to;
            if (range is "*" or "?")
            {
                (from, to) = (low, high);
            }
            else
            {
                var dash = range.IndexOf('-', StringComparison.Ordinal);
                from = Value(dash < 0 ? range : range[..dash], name, low, high, names);
                to = dash >= 0 ? Value(range[(dash + 1)..], name, low, high, names) : step is null ? from : high;
                // FRI-SUN: the Sunday that ends the week.
                if (names.Length == 7 && dash >= 0 && to == 0 && from > 0 && !char.IsAsciiDigit(range[dash + 1])) to = 7;
                if (to < from) throw new FormatException($"range '{range}' ends before it begins");
            }
            for (var value = from; value <= to; value += step ?? 1) bits |= 1UL << value;
        }
        return new CronField(bits, text is "*" or "?");
    }

    private static (string Range, int? Step) Step(string item, string name, int high)
    {
        var slash = item.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return (item, null);
        return int.TryParse(item.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step >= 1 && step <= high
            ? (item[..slash], step)
            : throw new FormatException($"'{item}' is not a {name}: the step is out of range");
    }

    private static int Value(string text, string name, int low, int high, string[] names)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number >= low && number <= high ? number : throw new FormatException($"'{text}' is out of range: {name} is {low} to {high}");
        // MON, TUES, Thursday: at least the first three letters.
        var index = text.Length < 3 ? -1 : Array.FindIndex(names, full => full.StartsWith(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index + (names.Length == 12 ? 1 : 0) : throw new FormatException($"'{text}' is not a {name}");
    }
}

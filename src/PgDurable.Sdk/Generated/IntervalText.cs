using System.Globalization;

namespace PgDurable.Generated;

/// <summary>
/// Converts intervals to and from PostgreSQL's default format, in which each part has its own sign: <c>-1 days +02:03:04.5</c>.
/// </summary>
internal static class IntervalText
{
    private const int DigitsOfMicroseconds = 6;

    // PostgreSQL writes days and a time only. People also write the others.
    private static readonly Dictionary<string, long> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sec"] = TimeSpan.TicksPerSecond,
        ["secs"] = TimeSpan.TicksPerSecond,
        ["second"] = TimeSpan.TicksPerSecond,
        ["seconds"] = TimeSpan.TicksPerSecond,
        ["min"] = TimeSpan.TicksPerMinute,
        ["mins"] = TimeSpan.TicksPerMinute,
        ["minute"] = TimeSpan.TicksPerMinute,
        ["minutes"] = TimeSpan.TicksPerMinute,
        ["hour"] = TimeSpan.TicksPerHour,
        ["hours"] = TimeSpan.TicksPerHour,
        ["day"] = TimeSpan.TicksPerDay,
        ["days"] = TimeSpan.TicksPerDay,
        ["week"] = 7 * TimeSpan.TicksPerDay,
        ["weeks"] = 7 * TimeSpan.TicksPerDay,
    };

    public static string Write(TimeSpan value)
    {
        // A TimeSpan has one sign, so the day and time parts always get the same one.
        var sign = value < TimeSpan.Zero ? "-" : "";
        var ticks = value.Ticks < 0 ? 0 - (ulong)value.Ticks : (ulong)value.Ticks;
        var days = ticks / TimeSpan.TicksPerDay;
        var time = TimeSpan.FromTicks((long)(ticks % TimeSpan.TicksPerDay));
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{days} days {sign}{time:hh\\:mm\\:ss\\.ffffff}");
    }

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = (Int128)0;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Contains(':'))
            {
                if (i != words.Length - 1 || !TryParseTime(words[i], out var time))
                    return false;
                ticks += time;
            }
            else if (i + 1 < words.Length && Units.TryGetValue(words[i + 1], out var unit)
                && int.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
            {
                ticks += (Int128)count * unit;
                i++;
            }
            else
            {
                return false;
            }
        }

        if (words.Length == 0 || ticks < long.MinValue || ticks > long.MaxValue)
            return false;
        value = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    // TimeSpan's own formats don't work here, because the hours can exceed 24.
    private static bool TryParseTime(string word, out Int128 ticks)
    {
        ticks = 0;
        var negative = word[0] == '-';
        var parts = word.TrimStart('+', '-').Split(':');
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes))
            return false;

        var seconds = parts[2].Split('.');
        if (seconds.Length > 2 || !long.TryParse(seconds[0], NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            return false;

        var fraction = seconds.Length == 2 ? seconds[1].PadRight(DigitsOfMicroseconds, '0') : "0";
        if (fraction.Length > DigitsOfMicroseconds
            || !long.TryParse(fraction, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
            return false;

        ticks = ((((Int128)hours * 60) + minutes) * 60 + whole) * TimeSpan.TicksPerSecond + (microseconds * TimeSpan.TicksPerMicrosecond);
        if (negative)
            ticks = -ticks;
        return true;
    }
}

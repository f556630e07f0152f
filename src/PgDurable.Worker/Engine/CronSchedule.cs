namespace PgDurable.Worker.Engine;

/// <summary>
/// A cron expression as cron users know it: five fields or a macro; Sunday is 0 or 7; when day of month and day of week are both restricted, either matches.
/// The language is that of the SQL function <c>df._cron_defect</c>.
/// </summary>
internal sealed class CronSchedule
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    // A 29 February can be eight years away.
    private const int MaxDays = 366 * 9;

    private readonly CronField _minute;
    private readonly CronField _hour;
    private readonly CronField _day;
    private readonly CronField _month;
    private readonly CronField _weekday;

    private CronSchedule(string[] fields)
    {
        _minute = CronField.Parse(fields[0], "minute", 0, 59, []);
        _hour = CronField.Parse(fields[1], "hour", 0, 23, []);
        _day = CronField.Parse(fields[2], "day of month", 1, 31, []);
        _month = CronField.Parse(fields[3], "month", 1, 12, Months);
        var weekday = CronField.Parse(fields[4], "day of week", 0, 7, Days);
        _weekday = weekday.Matches(7) ? weekday with { Bits = weekday.Bits | 1 } : weekday;
    }

    /// <exception cref="FormatException">The text is no cron expression; the message says why.</exception>
    public static CronSchedule Parse(string text)
    {
        var expression = text.Trim() switch
        {
            "@hourly" => "0 * * * *",
            "@daily" or "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" or "@annually" => "0 0 1 1 *",
            var other => other,
        };
        var fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
            throw new FormatException($"Invalid cron expression '{text}': expected 5 fields (minute, hour, day of month, month, day of week), found {fields.Length}");
        try
        {
            return new CronSchedule(fields);
        }
        catch (FormatException e)
        {
            throw new FormatException($"Invalid cron expression '{text}': {e.Message}", e);
        }
    }

    /// <summary>The first matching moment after another one; NULL when there is none in the years to come.</summary>
    /// <remarks>A local time that daylight saving skips fires when the clocks have jumped; one that it repeats fires the first time.</remarks>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        // From the day before: in the hour that is repeated, local time is ambiguous.
        var day = TimeZoneInfo.ConvertTime(after, zone).Date.AddDays(-1);
        for (var i = 0; i < MaxDays; i++, day = day.AddDays(1))
        {
            if (!MatchesDay(day)) continue;
            DateTimeOffset? earliest = null;
            for (var hour = 0; hour < 24; hour++)
            {
                if (!_hour.Matches(hour)) continue;
                for (var minute = 0; minute < 60; minute++)
                {
                    if (!_minute.Matches(minute)) continue;
                    var moment = MomentOf(day.AddMinutes(60 * hour + minute), zone);
                    if (moment > after && (earliest is null || moment < earliest)) earliest = moment;
                }
                if (earliest is not null) break;
            }
            if (earliest is not null) return earliest;
        }
        return null;
    }

    private bool MatchesDay(DateTime day)
    {
        if (!_month.Matches(day.Month)) return false;
        var dayOfMonth = _day.Matches(day.Day);
        var dayOfWeek = _weekday.Matches((int)day.DayOfWeek);
        return _day.IsAny || _weekday.IsAny ? dayOfMonth && dayOfWeek : dayOfMonth || dayOfWeek;
    }

    private static DateTimeOffset MomentOf(DateTime local, TimeZoneInfo zone)
    {
        // In the gap: the first moment after it.
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

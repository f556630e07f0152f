using PgDurable.Cron;

namespace PgDurable.Worker.Engine;

/// <summary>When a cron expression fires. When day of month and day of week are both restricted, either matches.</summary>
internal sealed class CronSchedule
{
    // A 29 February can be eight years away.
    private const int MaxDays = 366 * 9;

    private readonly CronExpression _cron;
    private readonly CronField _weekday;

    private CronSchedule(CronExpression cron)
    {
        _cron = cron;
        _weekday = cron.Weekday.Matches(7) ? cron.Weekday with { Bits = cron.Weekday.Bits | 1 } : cron.Weekday;
    }

    /// <exception cref="FormatException">The text is no cron expression; the message says why.</exception>
    public static CronSchedule Parse(string text) => new(CronExpression.Parse(text));

    /// <summary>The first matching moment after another one; NULL when there is none in the years to come.</summary>
    /// <remarks>
    /// A local time that daylight saving skips fires when the clocks have jumped; one that it repeats fires the first time.
    /// </remarks>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        // From the day before: in the hour that is repeated, local time is ambiguous.
        var day = TimeZoneInfo.ConvertTime(after, zone).Date.AddDays(-1);
        for (var i = 0; i < MaxDays; i++, day = day.AddDays(1))
        {
            if (!MatchesDay(day))
                continue;
            DateTimeOffset? earliest = null;
            for (var hour = 0; hour < 24; hour++)
            {
                if (!_cron.Hour.Matches(hour))
                    continue;
                // Later local times never come earlier, so an hour whose last minute has passed is over.
                if (MomentOf(day.AddMinutes(60 * hour + 59), zone) <= after)
                    continue;
                for (var minute = 0; minute < 60; minute++)
                {
                    if (!_cron.Minute.Matches(minute))
                        continue;
                    var moment = MomentOf(day.AddMinutes(60 * hour + minute), zone);
                    if (moment > after && (earliest is null || moment < earliest))
                        earliest = moment;
                }
                if (earliest is not null)
                    break;
            }
            if (earliest is not null)
                return earliest;
        }
        return null;
    }

    private bool MatchesDay(DateTime day)
    {
        if (!_cron.Month.Matches(day.Month))
            return false;
        var dayOfMonth = _cron.Day.Matches(day.Day);
        var dayOfWeek = _weekday.Matches((int)day.DayOfWeek);
        return _cron.Day.IsAny || _weekday.IsAny ? dayOfMonth && dayOfWeek : dayOfMonth || dayOfWeek;
    }

    private static DateTimeOffset MomentOf(DateTime local, TimeZoneInfo zone)
    {
        // In the gap: the first moment after it.
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What a schedule has to start now, given the time up to which its ticks were handled.</summary>
/// <param name="Ticks">The ticks to start, oldest first.</param>
/// <param name="Next">The first tick after now; null if there is none in the coming years.</param>
/// <remarks>
/// Every tick falls between two checks, or exactly at one, and belongs to the later check. So each tick is planned once, however far apart
/// the checks are, as long as each check begins where the last recorded one ended. If the clock is set back, nothing is planned until it
/// has caught up.
/// </remarks>
internal sealed record TickPlan(ImmutableArray<DateTimeOffset> Ticks, DateTimeOffset? Next)
{
    /// <summary>The maximum number of ticks that <see cref="CatchUp.All"/> starts after a time without workers.</summary>
    public const int MaxTicks = 100;

    // Cron counts in minutes: a tick is not late until the next one could come.
    private static readonly TimeSpan OnTime = TimeSpan.FromMinutes(1);

    /// <param name="schedule">When it ticks.</param>
    /// <param name="zone">The time zone in which it ticks.</param>
    /// <param name="catchUp">What to do about missed ticks.</param>
    /// <param name="after">All ticks up to and including this time have been handled.</param>
    /// <param name="now">All ticks up to and including this time have to be handled.</param>
    public static TickPlan Of(CronSchedule schedule, TimeZoneInfo zone, CatchUp catchUp, DateTimeOffset after, DateTimeOffset now)
    {
        if (now < after)
            now = after;
        var ticks = catchUp switch
        {
            CatchUp.Skip => Last(schedule, zone, after > now - OnTime ? after : now - OnTime, now, MaxTicks),
            CatchUp.One => Last(schedule, zone, after, now, 1),
            CatchUp.All => Last(schedule, zone, after, now, MaxTicks),
        };
        return new TickPlan(ticks, schedule.Next(now, zone));
    }

    /// <summary>The last ticks after one time and up to another, oldest first.</summary>
    private static ImmutableArray<DateTimeOffset> Last(
        CronSchedule schedule, TimeZoneInfo zone, DateTimeOffset after, DateTimeOffset now, int count)
    {
        if (LastOne(schedule, zone, after, now) is not { } last)
            return [];
        // Go back from the last one, further each time, until there are enough.
        for (var span = TimeSpan.FromHours(1); ; span *= 2)
        {
            var from = last - after > span ? last - span : after;
            var ticks = new List<DateTimeOffset>();
            for (var tick = schedule.Next(from, zone); tick <= last; tick = schedule.Next(tick.Value, zone))
                ticks.Add(tick.Value);
            if (ticks.Count >= count || from == after)
                return [.. ticks.TakeLast(count)];
        }
    }

    // The next tick never comes earlier for a later time. So a binary search finds the latest minute whose next tick is still due.
    private static DateTimeOffset? LastOne(CronSchedule schedule, TimeZoneInfo zone, DateTimeOffset after, DateTimeOffset end)
    {
        DateTimeOffset? last = null;
        var (low, high) = (0L, (long)Math.Ceiling((end - after).TotalMinutes));
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (schedule.Next(after.AddMinutes(middle), zone) is { } tick && tick <= end)
                (last, low) = (tick, middle + 1);
            else
                high = middle;
        }
        return last;
    }
}

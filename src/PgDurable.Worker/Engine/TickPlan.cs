using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What a schedule is to start, given the time up to which it has been dealt with and the time that it is now.</summary>
/// <param name="Ticks">The ticks to start, oldest first.</param>
/// <param name="Next">The first tick after now; NULL when there is none in the years to come.</param>
/// <remarks>
/// Every tick lies between two looks, or exactly at one: it belongs to the later one. So it is planned once, however the looks are spaced, as
/// long as each begins where the last one that was recorded ended. A clock that is set back plans nothing until it has caught up.
/// </remarks>
internal sealed record TickPlan(ImmutableArray<DateTimeOffset> Ticks, DateTimeOffset? Next)
{
    /// <summary>The most ticks that <see cref="CatchUp.All"/> starts after a time without workers.</summary>
    public const int MaxTicks = 100;

    // Cron counts in minutes: a tick is not late before the next one could come.
    private static readonly TimeSpan OnTime = TimeSpan.FromMinutes(1);

    /// <param name="schedule">When it ticks.</param>
    /// <param name="zone">Where.</param>
    /// <param name="catchUp">What becomes of ticks that passed unseen.</param>
    /// <param name="after">All ticks up to and including this time have been dealt with.</param>
    /// <param name="now">All ticks up to and including this time are to be.</param>
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
        // Back from the last one, further each time, until there are enough.
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

    // The first tick after a time never comes earlier for a later time. So the latest minute whose next tick is still due is found by
    // halving.
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

using System.Globalization;
using Xunit.Abstractions;

namespace PgDurable.Worker.Engine;

/// <summary>
/// Two years of looks at random times, with crashes between planning and recording, against a calculation that shares nothing with the
/// product's: it walks minute by minute and asks what the clock on the wall shows.
/// </summary>
public class TwoYearsOfTicksTests(ITestOutputHelper output)
{
    private static readonly DateTime Begin = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), End = new(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Crons = ["*/40 * * * *", "30 1,2 * * *", "0 0 1,15 * 1", "15 2 * 3,4,10,11 0"];

    // Clocks change in the night, in the evening before midnight UTC, and by half an hour.
    [Theory]
    [InlineData("Europe/Paris")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    public void Of_TwoYearsOfRandomLooks_StartsWhatTheWallClockShows(string zoneName)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var seed = Environment.GetEnvironmentVariable("PGDURABLE_TEST_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"PGDURABLE_TEST_SEED={seed}");
        var random = new Random(seed);
        var ticks = WallClock(zone);
        for (var i = 0; i < Crons.Length; i++)
            Look(CronSchedule.Parse(Crons[i]), zone, ticks[i], random);
    }

    private static void Look(CronSchedule schedule, TimeZoneInfo zone, List<DateTime> expected, Random random)
    {
        foreach (var catchUp in Enum.GetValues<CatchUp>())
        {
            var (started, due) = (new List<DateTime>(), new List<DateTime>());
            DateTimeOffset after = Begin;
            while (after < End)
            {
                // Mostly hours or days later, now and then weeks; at times exactly at a tick.
                var range = random.Next(10) switch { 0 => 2_000_000, < 4 => 3_600, _ => 200_000 };
                var now = after + TimeSpan.FromSeconds(1 + random.Next(range));
                if (schedule.Next(after, zone) is { } exactly && random.Next(3) == 0)
                    now = exactly;
                if (now >= End)
                    now = End.AddTicks(-1);
                var plan = TickPlan.Of(schedule, zone, catchUp, after, now);
                Assert.Equal(expected.Skip(Index(expected, now)).FirstOrDefault(End), Before(plan.Next));
                // A worker that dies here has recorded nothing, and the next one plans again from where the last one ended.
                if (random.Next(4) == 0 && now < End.AddTicks(-1))
                    continue;

                started.AddRange(plan.Ticks.Select(tick => tick.UtcDateTime));
                var missed = expected[Index(expected, after)..Index(expected, now)];
                due.AddRange(catchUp switch
                {
                    CatchUp.Skip => missed.Where(tick => tick > now.UtcDateTime.AddMinutes(-1)),
                    CatchUp.One => missed.TakeLast(1),
                    _ => missed.TakeLast(TickPlan.MaxTicks),
                });
                after = now == End.AddTicks(-1) ? End : now;
            }
            Assert.Equal(due, started);
            if (catchUp == CatchUp.All && expected.Count < TickPlan.MaxTicks)
                Assert.Equal(expected, started);
        }
    }

    /// <summary>How many ticks there are up to and including a time.</summary>
    private static int Index(List<DateTime> ticks, DateTimeOffset at)
    {
        var found = ticks.BinarySearch(at.UtcDateTime);
        return found >= 0 ? found + 1 : ~found;
    }

    private static DateTime Before(DateTimeOffset? next) => next is { } at && at < End ? at.UtcDateTime : End;

    /// <summary>
    /// For each cron, the minutes at which the wall clock comes to show a matching time for the first time, or has jumped over one.
    /// </summary>
    private static List<DateTime>[] WallClock(TimeZoneInfo zone)
    {
        var matchers = Crons.Select(Matcher).ToArray();
        var ticks = Crons.Select(_ => new List<DateTime>()).ToArray();
        // The latest time that the clock has shown: what it shows again after going back is no news.
        var shown = TimeZoneInfo.ConvertTimeFromUtc(Begin, zone);
        for (var at = Begin.AddMinutes(1); at < End; at = at.AddMinutes(1))
            for (var now = TimeZoneInfo.ConvertTimeFromUtc(at, zone); shown < now;)
            {
                shown = shown.AddMinutes(1);
                for (var i = 0; i < Crons.Length; i++)
                    if (matchers[i](shown) && (ticks[i].Count == 0 || ticks[i][^1] != at))
                        ticks[i].Add(at);
            }
        return ticks;
    }

    private static Func<DateTime, bool> Matcher(string cron)
    {
        var fields = cron.Split(' ').Select(Values).ToArray();
        var anyDay = cron.Split(' ')[2] == "*" || cron.Split(' ')[4] == "*";
        return local => fields[0].Contains(local.Minute) && fields[1].Contains(local.Hour) && fields[3].Contains(local.Month)
            && (fields[2].Contains(local.Day), fields[4].Contains((int)local.DayOfWeek)) is var (day, weekday)
            && (anyDay ? day && weekday : day || weekday);
    }

    private static HashSet<int> Values(string field) =>
    [
        .. field.Split(',').SelectMany(item => item switch
        {
            "*" => Enumerable.Range(0, 60),
            ['*', '/', .. var step] => Enumerable.Range(0, 60).Where(value => value % int.Parse(step, CultureInfo.InvariantCulture) == 0),
            _ when item.Split('-') is [var first, var last] => Enumerable.Range(
                int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture) - int.Parse(first, CultureInfo.InvariantCulture) + 1),
            _ => [int.Parse(item, CultureInfo.InvariantCulture)],
        }),
    ];
}

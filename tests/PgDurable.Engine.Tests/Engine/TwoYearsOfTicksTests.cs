using System.Globalization;
using Xunit.Abstractions;

namespace PgDurable.Worker.Engine;

/// <summary>
/// Looks at schedules at random times for two years, with crashes between planning and recording, and compares with an independent
/// calculation: it walks minute by minute and asks what the wall clock shows.
/// </summary>
public class TwoYearsOfTicksTests(ITestOutputHelper output)
{
    private static readonly DateTime Begin = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), End = new(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Crons =
    [
        "*/40 * * * *", "30 1,2 * * *", "0 0 1,15 * 1", "15 2 * 3,4,10,11 0", "45 2 L * *", "30 1 LW * 0", "0 3 15W * *",
        "15 2 * * 0#1", "30 2 L-2 * 0L",
    ];

    // Clocks change at night, in the evening before midnight UTC, and by half an hour.
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
        string[] crons = [.. Crons, .. Enumerable.Range(0, 6).Select(_ => RandomCron(random))];
        output.WriteLine(string.Join('\n', crons));
        var ticks = WallClock(crons, zone);
        for (var i = 0; i < crons.Length; i++)
            Look(CronSchedule.Parse(crons[i]), zone, ticks[i], random);
    }

    private static void Look(CronSchedule schedule, TimeZoneInfo zone, List<DateTime> expected, Random random)
    {
        foreach (var catchUp in Enum.GetValues<CatchUp>())
        {
            var (started, due) = (new List<DateTime>(), new List<DateTime>());
            DateTimeOffset after = Begin;
            while (after < End)
            {
                // Mostly hours or days later, sometimes weeks; sometimes exactly at a tick.
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

    private static string RandomCron(Random random)
    {
        string Pick(params string[] choices) => choices[random.Next(choices.Length)];
        var (minute, hour) = (random.Next(60), random.Next(4));
        return string.Join(
            ' ',
            Pick($"{minute}", $"{minute},{(minute + 20) % 60}", $"*/{1 + minute % 59}", $"{minute / 2}-{30 + minute / 2}"),
            Pick($"{hour}", $"{hour},{hour + 1}", $"{hour}-{hour + 2}", "*/3", "*"),
            Pick("*", "*", "1,15", "10-20", "L", "L-3", "LW", "1W", "15W", "31W"), Pick("*", "*", "3,4", "9-11"),
            Pick("*", "*", "0", "1-5", "0#1", "5#5", "0L", "6L"));
    }

    /// <summary>
    /// For each cron, the minutes at which the wall clock comes to show a matching time, or has jumped over one. What it shows again after
    /// going back counts for intervals only.
    /// </summary>
    private static List<DateTime>[] WallClock(string[] crons, TimeZoneInfo zone)
    {
        var matchers = crons.Select(Matcher).ToArray();
        var isInterval = crons.Select(cron => cron.Split(' ')[..2].Any(field => field.AsSpan().ContainsAny("*-/"))).ToArray();
        var ticks = crons.Select(_ => new List<DateTime>()).ToArray();
        // The latest time that the clock has shown: what it shows again after going back doesn't count.
        var shown = TimeZoneInfo.ConvertTimeFromUtc(Begin, zone);
        for (var at = Begin.AddMinutes(1); at < End; at = at.AddMinutes(1))
        {
            var now = TimeZoneInfo.ConvertTimeFromUtc(at, zone);
            if (now <= shown)
                Add(now, isRepeated: true);
            while (shown < now)
            {
                shown = shown.AddMinutes(1);
                Add(shown, isRepeated: false);
            }

            void Add(DateTime local, bool isRepeated)
            {
                for (var i = 0; i < crons.Length; i++)
                {
                    if ((isInterval[i] || !isRepeated) && matchers[i](local) && (ticks[i].Count == 0 || ticks[i][^1] != at))
                        ticks[i].Add(at);
                }
            }
        }
        return ticks;
    }

    private static Func<DateTime, bool> Matcher(string cron)
    {
        var text = cron.Split(' ');
        var (minutes, hours, months) = (Values(text[0]), Values(text[1]), Values(text[3]));
        var (isDay, isWeekday) = (Day(text[2]), Weekday(text[4]));
        var anyDay = text[2] == "*" || text[4] == "*";
        return local => minutes.Contains(local.Minute) && hours.Contains(local.Hour) && months.Contains(local.Month)
            && (isDay(local), isWeekday(local)) is var (day, weekday) && (anyDay ? day && weekday : day || weekday);
    }

    private static Func<DateTime, bool> Day(string field)
    {
        static DateTime Last(DateTime local) => new(local.Year, local.Month, DateTime.DaysInMonth(local.Year, local.Month));
        // The working day nearest to a day, in the same month.
        static DateTime Nearest(DateTime day) => day.DayOfWeek switch
        {
            DayOfWeek.Saturday => day.AddDays(day.Day == 1 ? 2 : -1),
            DayOfWeek.Sunday => day.AddDays(day == Last(day) ? -2 : 1),
            _ => day,
        };
        switch (field)
        {
            case "LW":
                return local => local.Date == Nearest(Last(local));
            case ['L', .. var before]:
                var days = before.Length == 0 ? 0 : int.Parse(before[1..], CultureInfo.InvariantCulture);
                return local => local.Date == Last(local).AddDays(-days);
            case [.. var number, 'W']:
                var near = int.Parse(number, CultureInfo.InvariantCulture);
                return local => near <= Last(local).Day && local.Date == Nearest(new DateTime(local.Year, local.Month, near));
            default:
                var values = Values(field);
                return local => values.Contains(local.Day);
        }
    }

    private static Func<DateTime, bool> Weekday(string field)
    {
        if (field is [var last, 'L'])
            return local => (int)local.DayOfWeek == last - '0' && local.AddDays(7).Month != local.Month;
        if (field is [var day, '#', var number])
            return local => (int)local.DayOfWeek == day - '0' && (local.Day + 6) / 7 == number - '0';
        var values = Values(field);
        return local => values.Contains((int)local.DayOfWeek);
    }

    private static HashSet<int> Values(string field) =>
    [
        .. field.Split(',').SelectMany(item => item switch
        {
            "*" => Enumerable.Range(0, 60),
            ['*', '/', .. var step] => Enumerable.Range(0, 60).Where(value => value % int.Parse(step, CultureInfo.InvariantCulture) == 0),
            _ when item.Split('-') is [var first, var last] => Enumerable.Range(
                int.Parse(first, CultureInfo.InvariantCulture),
                int.Parse(last, CultureInfo.InvariantCulture) - int.Parse(first, CultureInfo.InvariantCulture) + 1),
            _ => [int.Parse(item, CultureInfo.InvariantCulture)],
        }),
    ];
}

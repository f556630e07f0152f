using System.Globalization;

namespace PgDurable.Worker.Engine;

public class TickPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static string Plan(string cron, string after, string now, CatchUp catchUp, string zone = "UTC")
    {
        var plan = TickPlan.Of(CronSchedule.Parse(cron), TimeZones.Find(zone), catchUp, At(after), At(now));
        return $"{string.Join(", ", plan.Ticks.Select(Text))} | {(plan.Next is { } next ? Text(next) : "never")}";
    }

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("dd HH:mm", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-06-01 12:00:00", "2026-06-01 12:00:00", " | 01 12:10")] // already handled
    [InlineData("2026-06-01 11:59:59.999999", "2026-06-01 12:00:00", "01 12:00 | 01 12:10")]
    [InlineData("2026-06-01 11:59:59", "2026-06-01 11:59:59.999999", " | 01 12:00")]
    [InlineData("2026-06-01 12:00:05", "2026-06-01 11:55:00", " | 01 12:10")] // the clock was set back
    public void Of_AnyPolicy_TickBelongsToTheLookThatReachesIt(string after, string now, string expected)
    {
        foreach (var catchUp in Enum.GetValues<CatchUp>())
            Assert.Equal(expected, Plan("*/10 * * * *", after, now, catchUp));
    }

    [Theory]
    [InlineData("Skip", "2026-06-01 12:00:59", "01 12:00 | 01 12:10")]
    [InlineData("Skip", "2026-06-01 12:01:00", " | 01 12:10")]
    [InlineData("One", "2026-06-01 12:09:59", "01 12:00 | 01 12:10")]
    [InlineData("One", "2026-06-04 12:09:59", "04 12:00 | 04 12:10")]
    [InlineData("All", "2026-06-01 12:25:00", "01 11:30, 01 11:40, 01 11:50, 01 12:00, 01 12:10, 01 12:20 | 01 12:30")]
    public void Of_MissedTicks_AreCaughtUpWithAsThePolicySays(string catchUp, string now, string expected) =>
        Assert.Equal(expected, Plan("*/10 * * * *", "2026-06-01 11:20", now, Enum.Parse<CatchUp>(catchUp)));

    [Fact]
    public void Of_AllAfterALongTime_AreTheLastHundred()
    {
        var plan = TickPlan.Of(CronSchedule.Parse("* * * * *"), TimeZoneInfo.Utc, CatchUp.All, Noon.AddYears(-3), Noon.AddSeconds(30));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => Noon.AddMinutes(i - 99)), plan.Ticks);
        Assert.Equal(Noon.AddMinutes(1), plan.Next);
    }

    [Theory]
    [InlineData("0 0 30 2 *", " | never")]
    [InlineData("0 0 29 2 *", "29 00:00 | 29 00:00")]
    public void Of_RareDays_AreFound(string cron, string expected) =>
        Assert.Equal(expected, Plan(cron, "2024-01-01", "2026-01-01", CatchUp.One));

    // In Paris, 25 October 2026 has the hour from 2 to 3 twice, and 29 March lacks it.
    [Theory]
    [InlineData("30 2 * * *", "2026-10-25 00:00", "2026-10-25 03:00", "25 00:30 | 26 01:30")]
    [InlineData("15,45 2 * * *", "2026-03-29 00:00", "2026-03-29 03:00", "29 01:00 | 30 00:15")]
    public void Of_ClockChange_TicksOnce(string cron, string after, string now, string expected) =>
        Assert.Equal(expected, Plan(cron, after, now, CatchUp.All, "Europe/Paris"));
}

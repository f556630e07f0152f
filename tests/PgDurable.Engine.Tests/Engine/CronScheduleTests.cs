using System.Globalization;

namespace PgDurable.Worker.Engine;

public class CronScheduleTests
{
    [Theory]
    [InlineData("* * * * *", "2026-03-01 12:00:30", "2026-03-01 12:01")]
    [InlineData("* * * * *", "2026-03-01 12:00", "2026-03-01 12:01")]
    [InlineData("*/15 * * * *", "2026-03-01 12:07", "2026-03-01 12:15")]
    [InlineData("5-10/2 * * * *", "2026-03-01 12:07", "2026-03-01 12:09")]
    [InlineData("0 9-17 * * MON-FRI", "2026-02-27 17:30", "2026-03-02 09:00")]
    [InlineData("0 0 * * fri-sun", "2026-03-02 00:00", "2026-03-06 00:00")]
    [InlineData("0 0 * * 7", "2026-03-02 00:00", "2026-03-08 00:00")]
    [InlineData("0 0 * * 0", "2026-03-02 00:00", "2026-03-08 00:00")]
    [InlineData("30 4 1,15 * 5", "2026-03-02 00:00", "2026-03-06 04:30")] // either day counts when both are given
    [InlineData("30 4 1,15 * 5", "2026-03-14 00:00", "2026-03-15 04:30")]
    [InlineData("0 0 29 2 *", "2026-03-01 00:00", "2028-02-29 00:00")]
    [InlineData("0 0 1 jan,jul *", "2026-03-01 00:00", "2026-07-01 00:00")]
    [InlineData("@hourly", "2026-03-01 12:00", "2026-03-01 13:00")]
    [InlineData("@daily", "2026-03-01 12:00", "2026-03-02 00:00")]
    [InlineData("@weekly", "2026-03-02 12:00", "2026-03-08 00:00")]
    [InlineData("@monthly", "2026-03-01 12:00", "2026-04-01 00:00")]
    [InlineData("@yearly", "2026-03-01 12:00", "2027-01-01 00:00")]
    public void Next_InUtc_IsTheFirstMatchAfterwards(string cron, string after, string expected) =>
        Assert.Equal(Utc(expected), CronSchedule.Parse(cron).Next(Utc(after), TimeZoneInfo.Utc));

    // Paris: on 29 March 2026 the clock jumps from 02:00 to 03:00 (01:00 UTC), on 25 October it goes back from 03:00 to 02:00 (01:00 UTC).
    [Theory]
    [InlineData("30 2 * * *", "2026-03-28 12:00", "2026-03-29 01:00")] // skipped: when the clock has jumped
    [InlineData("30 2 * * *", "2026-03-29 01:00", "2026-03-30 00:30")]
    [InlineData("30 2 * * *", "2026-10-24 12:00", "2026-10-25 00:30")] // repeated: the first time
    [InlineData("30 2 * * *", "2026-10-25 00:30", "2026-10-26 01:30")] // and not the second
    [InlineData("0 12 * * *", "2026-01-10 12:00", "2026-01-11 11:00")]
    [InlineData("0 12 * * *", "2026-07-10 12:00", "2026-07-11 10:00")]
    public void Next_InParis_FollowsTheClockOnTheWall(string cron, string after, string expected) =>
        Assert.Equal(Utc(expected), CronSchedule.Parse(cron).Next(Utc(after), TimeZones.Find("Europe/Paris")));

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    public void Next_DayThatNeverComes_IsNull(string cron) => Assert.Null(CronSchedule.Parse(cron).Next(Utc("2026-03-01 12:00"), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("* * * *", "expected 5 fields")]
    [InlineData("* * * * * *", "found 6")]
    [InlineData("60 * * * *", "minute is 0 to 59")]
    [InlineData("* 24 * * *", "hour is 0 to 23")]
    [InlineData("* * 0 * *", "day of month is 1 to 31")]
    [InlineData("* * * 13 *", "month is 1 to 12")]
    [InlineData("* * * * 8", "day of week is 0 to 7")]
    [InlineData("10-5 * * * *", "ends before it begins")]
    [InlineData("*/0 * * * *", "step is out of range")]
    [InlineData("* * * foo *", "'foo' is not a month")]
    [InlineData("@never", "expected 5 fields")]
    public void Parse_Mistake_SaysWhat(string cron, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => CronSchedule.Parse(cron)).Message, StringComparison.Ordinal);

    [Fact]
    public void Find_UnknownZone_IsNamed() => Assert.Contains("Mars/Olympus", Assert.Throws<FormatException>(() => TimeZones.Find("Mars/Olympus")).Message, StringComparison.Ordinal);

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

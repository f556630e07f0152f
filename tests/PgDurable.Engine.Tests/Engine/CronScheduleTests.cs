using System.Globalization;

namespace PgDurable.Worker.Engine;

public class CronScheduleTests
{
    private static string Next(string cron, string after, string zone = "UTC", int count = 1)
    {
        var schedule = CronSchedule.Parse(cron);
        var moments = new List<string>();
        DateTimeOffset? at = DateTimeOffset.Parse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        for (var i = 0; i < count && at is not null; i++)
        {
            at = schedule.Next(at.Value, TimeZones.Find(zone));
            moments.Add(at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never");
        }
        return string.Join(", ", moments);
    }

    [Theory]
    [InlineData("* * * * *", "2026-01-01 00:00:00", "2026-01-01 00:01")]
    [InlineData("* * * * *", "2026-01-01 00:00:59.999999", "2026-01-01 00:01")]
    [InlineData("30 * * * *", "2026-01-01 00:30", "2026-01-01 01:30")]
    [InlineData("0 9 * * *", "2026-01-01 09:00", "2026-01-02 09:00")]
    [InlineData("59 23 31 12 *", "2026-12-31 23:59", "2027-12-31 23:59")]
    [InlineData("0 0 1 * *", "2026-01-31 12:00", "2026-02-01 00:00")]
    [InlineData("0 0 31 * *", "2026-01-31 00:00", "2026-03-31 00:00")]
    [InlineData("0 0 29 2 *", "2026-01-01", "2028-02-29 00:00")]
    [InlineData("0 0 29 2 *", "2096-03-01", "2104-02-29 00:00")]
    [InlineData("  5   4\t* * *  ", "2026-01-01", "2026-01-01 04:05")]
    public void Next_FiveFields_IsTheFirstMatchAfter(string cron, string after, string expected) =>
        Assert.Equal(expected, Next(cron, after));

    [Theory]
    [InlineData("*/20 * * * *", "2026-01-01 00:20, 2026-01-01 00:40, 2026-01-01 01:00")]
    [InlineData("50/5 * * * *", "2026-01-01 00:50, 2026-01-01 00:55, 2026-01-01 01:50")]
    [InlineData("10-30/10 * * * *", "2026-01-01 00:10, 2026-01-01 00:20, 2026-01-01 00:30")]
    [InlineData("5,3,59 * * * *", "2026-01-01 00:03, 2026-01-01 00:05, 2026-01-01 00:59")]
    [InlineData("0 22-23,1 * * *", "2026-01-01 01:00, 2026-01-01 22:00, 2026-01-01 23:00")]
    [InlineData("0 0 1 */5 *", "2026-06-01 00:00, 2026-11-01 00:00, 2027-01-01 00:00")]
    [InlineData("0 0 1 feb,JULY-Aug *", "2026-02-01 00:00, 2026-07-01 00:00, 2026-08-01 00:00")]
    [InlineData("0 0 ? * ?", "2026-01-02 00:00, 2026-01-03 00:00, 2026-01-04 00:00")]
    public void Next_ListsRangesStepsAndNames_Match(string cron, string expected) =>
        Assert.Equal(expected, Next(cron, "2026-01-01", count: 3));

    // 1 January 2026 is a Thursday.
    [Theory]
    [InlineData("0 0 * * 0", "2026-01-04 00:00, 2026-01-11 00:00")]
    [InlineData("0 0 * * 7", "2026-01-04 00:00, 2026-01-11 00:00")]
    [InlineData("0 0 * * sun", "2026-01-04 00:00, 2026-01-11 00:00")]
    [InlineData("0 0 * * 1-5", "2026-01-02 00:00, 2026-01-05 00:00")]
    [InlineData("0 0 * * MON-FRI", "2026-01-02 00:00, 2026-01-05 00:00")]
    [InlineData("0 0 * * FRI-SUN", "2026-01-02 00:00, 2026-01-03 00:00")]
    [InlineData("0 0 * * saturday", "2026-01-03 00:00, 2026-01-10 00:00")]
    [InlineData("0 0 * * 5-7", "2026-01-02 00:00, 2026-01-03 00:00")]
    public void Next_DayOfWeek_SundayIsZeroOrSeven(string cron, string expected) =>
        Assert.Equal(expected, Next(cron, "2026-01-01", count: 2));

    [Theory]
    [InlineData("0 0 13 * 5", "2026-01-02 00:00, 2026-01-09 00:00, 2026-01-13 00:00, 2026-01-16 00:00")]
    [InlineData("0 0 13 * *", "2026-01-13 00:00, 2026-02-13 00:00, 2026-03-13 00:00, 2026-04-13 00:00")]
    [InlineData("0 0 * * 5", "2026-01-02 00:00, 2026-01-09 00:00, 2026-01-16 00:00, 2026-01-23 00:00")]
    [InlineData("0 0 13 2 5", "2026-02-06 00:00, 2026-02-13 00:00, 2026-02-20 00:00, 2026-02-27 00:00")]
    [InlineData("0 0 30 2 1", "2026-02-02 00:00, 2026-02-09 00:00, 2026-02-16 00:00, 2026-02-23 00:00")]
    public void Next_DayOfMonthAndDayOfWeek_EitherMatchesWhenBothAreRestricted(string cron, string expected) =>
        Assert.Equal(expected, Next(cron, "2026-01-01", count: 4));

    [Theory]
    [InlineData("@hourly", "2026-01-01 01:00, 2026-01-01 02:00")]
    [InlineData("@daily", "2026-01-02 00:00, 2026-01-03 00:00")]
    [InlineData("@midnight", "2026-01-02 00:00, 2026-01-03 00:00")]
    [InlineData("@weekly", "2026-01-04 00:00, 2026-01-11 00:00")]
    [InlineData("@monthly", "2026-02-01 00:00, 2026-03-01 00:00")]
    [InlineData("@yearly", "2027-01-01 00:00, 2028-01-01 00:00")]
    [InlineData("@annually", "2027-01-01 00:00, 2028-01-01 00:00")]
    public void Next_Macro_IsWhatItSays(string cron, string expected) => Assert.Equal(expected, Next(cron, "2026-01-01", count: 2));

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    public void Next_DayThatNeverComes_IsNone(string cron) => Assert.Equal("never", Next(cron, "2026-01-01"));

    // Clocks in Paris go from 2:00 to 3:00 on 29 March 2026, and from 3:00 back to 2:00 on 25 October.
    [Theory]
    [InlineData("30 2 * * *", "2026-03-28 12:00", "2026-03-29 01:00, 2026-03-30 00:30")]
    [InlineData("0 3 * * *", "2026-03-28 12:00", "2026-03-29 01:00, 2026-03-30 01:00")]
    [InlineData("*/30 * * * *", "2026-03-29 00:00", "2026-03-29 00:30, 2026-03-29 01:00, 2026-03-29 01:30")]
    [InlineData("0 2,3 * * *", "2026-03-29 00:00", "2026-03-29 01:00, 2026-03-30 00:00")]
    public void Next_LocalTimeThatIsSkipped_FiresOnceAfterTheGap(string cron, string after, string expected) =>
        Assert.Equal(expected, Next(cron, after, "Europe/Paris", expected.Split(',').Length));

    [Theory]
    [InlineData("30 2 * * *", "2026-10-24 12:00", "2026-10-25 00:30, 2026-10-26 01:30")]
    [InlineData("30 2 * * *", "2026-10-25 00:45", "2026-10-26 01:30")]
    [InlineData("30 2 * * *", "2026-10-25 01:15", "2026-10-26 01:30")]
    [InlineData("0 3 * * *", "2026-10-24 12:00", "2026-10-25 02:00, 2026-10-26 02:00")]
    public void Next_LocalTimeThatIsRepeated_FiresTheFirstTime(string cron, string after, string expected) =>
        Assert.Equal(expected, Next(cron, after, "Europe/Paris", expected.Split(',').Length));

    [Theory]
    [InlineData("0 * * * *", "2026-10-24 23:30", "2026-10-25 00:00, 2026-10-25 01:00, 2026-10-25 02:00")]
    [InlineData(
        "*/20 2 * * *", "2026-10-25 00:30", "2026-10-25 00:40, 2026-10-25 01:00, 2026-10-25 01:20, 2026-10-25 01:40, 2026-10-26 01:00")]
    [InlineData("*/30 * * * *", "2026-10-25 00:00", "2026-10-25 00:30, 2026-10-25 01:00, 2026-10-25 01:30, 2026-10-25 02:00")]
    public void Next_IntervalInTheRepeatedHour_FiresAsTimePasses(string cron, string after, string expected) =>
        Assert.Equal(expected, Next(cron, after, "Europe/Paris", expected.Split(',').Length));

    [Theory]
    [InlineData("0 0 L * *", "2026-01-31 00:00, 2026-02-28 00:00, 2026-03-31 00:00")]
    [InlineData("0 0 L-2 * *", "2026-01-29 00:00, 2026-02-26 00:00, 2026-03-29 00:00")]
    [InlineData("0 0 LW * *", "2026-01-30 00:00, 2026-02-27 00:00, 2026-03-31 00:00")]
    [InlineData("0 0 15W * *", "2026-01-15 00:00, 2026-02-16 00:00, 2026-03-16 00:00")]
    [InlineData("0 0 1w * *", "2026-02-02 00:00, 2026-03-02 00:00, 2026-04-01 00:00")]
    [InlineData("0 0 * * FRIDAY#2", "2026-01-09 00:00, 2026-02-13 00:00, 2026-03-13 00:00")]
    [InlineData("0 0 * * 7L", "2026-01-25 00:00, 2026-02-22 00:00, 2026-03-29 00:00")]
    [InlineData("0 0 L * MON#1", "2026-01-05 00:00, 2026-01-31 00:00, 2026-02-02 00:00")]
    public void Next_LastNearestAndNthDay_DependOnTheMonth(string cron, string expected) =>
        Assert.Equal(expected, Next(cron, "2026-01-01", count: 3));

    [Fact]
    public void Parse_TableOfExpressions_IsAcceptedOrRefusedAsItSays()
    {
        Assert.All(CronTable.Rows(), row =>
        {
            var error = Record.Exception(() => CronSchedule.Parse(row.Cron));
            Assert.Equal(row.Problem is null ? null : $"Invalid cron expression '{row.Cron}': {row.Problem}", error?.Message);
        });
    }

    [Theory]
    [InlineData("0 9 * * *", "Europe/Paris", "2026-07-01 07:00")]
    [InlineData("0 9 * * *", "America/New_York", "2026-07-01 13:00")]
    [InlineData("0 9 * * *", "Asia/Kathmandu", "2026-07-01 03:15")]
    [InlineData("0 0 1 7 *", "Pacific/Kiritimati", "2027-06-30 10:00")]
    public void Next_TimeZone_MeansLocalTime(string cron, string zone, string expected) =>
        Assert.Equal(expected, Next(cron, "2026-07-01", zone));

    // Half an hour of daylight saving: at 2:00 on 4 October 2026 clocks go to 2:30.
    [Fact]
    public void Next_GapOfHalfAnHour_FiresAfterIt() =>
        Assert.Equal("2026-10-03 15:30", Next("15 2 4 10 *", "2026-10-01", "Australia/Lord_Howe"));

    [Theory]
    [InlineData("", "expected 5 fields (minute, hour, day of month, month, day of week), found 0")]
    [InlineData("* * * *", "found 4")]
    [InlineData("0 * * * * *", "found 6")]
    [InlineData("@often", "unknown")]
    [InlineData("60 * * * *", "'60' is out of range: minute is 0 to 59")]
    [InlineData("* 24 * * *", "hour is 0 to 23")]
    [InlineData("* * 0 * *", "day of month is 1 to 31")]
    [InlineData("* * * 13 *", "month is 1 to 12")]
    [InlineData("* * * * 8", "day of week is 0 to 7")]
    [InlineData("* * * * FR", "'FR' is not a day of week")]
    [InlineData("* * * mon *", "'mon' is not a month")]
    [InlineData("30-10 * * * *", "range '30-10' ends before it begins")]
    [InlineData("* * * * FRI-MON", "ends before it begins")]
    [InlineData("*/0 * * * *", "step")]
    [InlineData("*/60 * * * *", "step")]
    [InlineData("*/x * * * *", "is not a minute")]
    [InlineData("1,,2 * * * *", "'' is not a minute")]
    [InlineData("-5 * * * *", "'-5' is not a minute")]
    [InlineData("+5 * * * *", "'+5' is not a minute")]
    [InlineData("L * * * *", "'L' is not a minute")]
    public void Parse_NoCronExpression_SaysWhy(string cron, string reason)
    {
        var message = Assert.Throws<FormatException>(() => CronSchedule.Parse(cron)).Message;

        Assert.StartsWith($"Invalid cron expression '{cron}': ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_UnknownTimeZone_SaysSo() =>
        Assert.Equal("time zone 'Mars/Olympus' is not known to the worker's machine",
            Assert.Throws<FormatException>(() => TimeZones.Find("Mars/Olympus")).Message);
}

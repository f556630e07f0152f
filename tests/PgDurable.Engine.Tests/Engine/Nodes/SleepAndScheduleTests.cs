using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine.Nodes;

public class SleepAndScheduleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(0.25)]
    public void Start_Sleep_WaitsFromTheMomentItStarts(double seconds)
    {
        var run = new EngineRun(Then(Step("a"), Sleep((decimal)seconds).As("s"), Step("SELECT $s.seconds")));
        run.Now += TimeSpan.FromMinutes(1);
        run.Complete("a");
        Assert.Equal(EngineRun.Began.AddMinutes(1).AddSeconds(seconds), run.Wait("SLEEP").Until);
        run.Elapse("SLEEP");

        Assert.Equal([FormattableString.Invariant($"SELECT {seconds}")], run.Commands);
    }

    [Fact]
    public void Start_SleepOverTheEndOfTime_WaitsForEver()
    {
        var run = new EngineRun(Sleep(long.MaxValue));

        Assert.Equal(9999, run.Wait("SLEEP").Until!.Value.Year);
    }

    [Fact]
    public void Advance_SleepIsOver_Completes()
    {
        var run = new EngineRun(Sleep(60));
        run.Elapse("SLEEP");

        Assert.Equal("""{"slept":true,"seconds":60}""", run.Result);
        Assert.Equal(new ExecutionKey(0, ""), run.Source);
    }

    [Fact]
    public void Start_Schedule_WaitsForTheFirstMomentAfterNow()
    {
        var run = new EngineRun(Then(Schedule("0 * * * *"), Schedule("0 * * * *")));
        Assert.Equal(EngineRun.Began.AddHours(1), run.Wait("WAIT_SCHEDULE").Until);
        run.Elapse("WAIT_SCHEDULE");
        Assert.Equal(EngineRun.Began.AddHours(2), run.Wait("WAIT_SCHEDULE").Until);
        run.Elapse("WAIT_SCHEDULE");

        Assert.Equal("""{"scheduled":true}""", run.Result);
    }

    [Fact]
    public void Start_ScheduleWithTimeZone_MeansLocalTime()
    {
        var run = new EngineRun(Schedule("0 9 * * *", "Europe/Paris"));

        Assert.Equal(EngineRun.Began.AddHours(8), run.Wait("WAIT_SCHEDULE").Until);
    }

    [Theory]
    [InlineData("0 0 30 2 *", null, "DF013", "No upcoming schedule found for '0 0 30 2 *'")]
    [InlineData("0 0 * *", null, "DF003", "expected 5 fields")]
    [InlineData("0 0 * * *", "Mars/Olympus", "DF003", "time zone 'Mars/Olympus' is not known")]
    public void Start_ScheduleThatNeverComes_IsRefused(string cron, string? timeZone, string sqlState, string message)
    {
        var run = new EngineRun(Schedule(cron, timeZone));

        Assert.Equal(sqlState, run.Failure.Error.SqlState);
        Assert.Contains(message, run.Failure.Error.Message, StringComparison.Ordinal);
    }
}

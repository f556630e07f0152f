using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>Waits whose time is a value of the input or of a result.</summary>
public class WaitsFromDataTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("0.25", 0.25)]
    [InlineData("0", 0)]
    [InlineData("\"90\"", 90)]
    [InlineData("\"1e2\"", 100)]
    [InlineData("\"00:01:30.5\"", 90.5)]
    [InlineData("\"1 days 00:00:01.000000\"", 86401)]
    [InlineData("\"2 days\"", 172800)]
    [InlineData("\"1 second\"", 1)]
    [InlineData("\"90 min\"", 5400)]
    [InlineData("\"1 week 2 Hours 00:00:30\"", 612030)]
    public void Duration_OfTheInput_IsWaitedFor(string value, double seconds)
    {
        var sleep = new EngineRun(SleepFor("$input.delay"), $$"""{"delay":{{value}}}""");
        Assert.Equal(EngineRun.Began.AddSeconds(seconds), sleep.Wait("SLEEP").Until);

        var signal = new EngineRun(SignalWithin("go", "$input.delay"), $$"""{"delay":{{value}}}""");
        Assert.Equal(EngineRun.Began.AddSeconds(seconds), signal.Wait("SIGNAL go").Until);
        signal.Elapse("SIGNAL go");
        Assert.Equal("""{"signal_name":"go","timed_out":true,"data":null}""", signal.Result);
    }

    [Fact]
    public void Sleep_FromData_HasTheSecondsInItsResult()
    {
        var run = new EngineRun(SleepFor("$input"), "1.5");
        run.Elapse("SLEEP");

        Assert.Equal("""{"slept":true,"seconds":1.5}""", run.Result);
    }

    [Theory]
    [InlineData("-1", "$input.delay is -1, but a wait can't be negative")]
    [InlineData("\"-00:00:01\"", "$input.delay is \"-00:00:01\", but a wait can't be negative")]
    [InlineData("\"1 mon\"", "$input.delay is \"1 mon\", which is not a duration")]
    [InlineData("\"soon\"", "$input.delay is \"soon\", which is not a duration")]
    [InlineData("\"2000000000 days\"", "$input.delay is \"2000000000 days\", which is not a duration")]
    [InlineData("\"NaN\"", "$input.delay is \"NaN\", but a wait can't be negative")]
    [InlineData("true", "$input.delay is true, which is not a duration")]
    [InlineData("null", "$input.delay is NULL")]
    public void Duration_ThatIsNone_FailsTheStep(string value, string message)
    {
        foreach (var graph in (string[])[SleepFor("$input.delay"), SignalWithin("go", "$input.delay")])
        {
            var run = new EngineRun(graph, $$"""{"delay":{{value}}}""");
            Assert.Equal(("22023", message), (run.Failure.Error.SqlState, run.Failure.Error.Message));
            Assert.NotNull(run.Failure.Error.Hint);
        }
    }

    [Fact]
    public void Timeout_Null_WaitsForEver()
    {
        var run = new EngineRun(SignalWithin("go", "$input.delay?"), """{"delay":null}""");

        Assert.Null(run.Wait("SIGNAL go").Until);
    }

    [Theory]
    [InlineData("2026-12-24T18:00:00+01:00", 17)]
    [InlineData("2026-12-24 18:00:00.0000001Z", 18)]
    public void Moment_OfTheInputOrInTheGraph_IsWaitedFor(string moment, int hour)
    {
        var expected = new DateTimeOffset(2026, 12, 24, hour, 0, 0, TimeSpan.Zero);
        var run = new EngineRun(SleepUntil("$input.at"), $$"""{"at":"{{moment}}"}""");
        Assert.Equal(expected, run.Wait("SLEEP").Until!.Value, TimeSpan.FromSeconds(1));
        if (moment.Contains('T', StringComparison.Ordinal))
            Assert.Equal(expected, new EngineRun(SleepUntil(moment)).Wait("SLEEP").Until);
    }

    [Theory]
    [InlineData("\"2026-12-24 18:00:00\"")]
    [InlineData("\"tomorrow\"")]
    [InlineData("1700000000")]
    public void Moment_ThatIsNone_FailsTheStep(string value)
    {
        var run = new EngineRun(SleepUntil("$input.at"), $$"""{"at":{{value}}}""");

        Assert.Equal(("22023", $"$input.at is {value}, which is not a moment"), (run.Failure.Error.SqlState, run.Failure.Error.Message));
    }

    [Fact]
    public void Delay_OfARetry_IsReadWhenAnAttemptHasFailed()
    {
        var run = new EngineRun(RetryAfter(Step("a"), "$input.delay"), """{"delay":5}""");
        run.Fail("a", "boom", "40001");
        Assert.Equal(TimeSpan.FromSeconds(5), run.Pause("RETRY"));
        run.Elapse("RETRY");
        run.Fail("a", "boom", "40001");
        Assert.Equal(TimeSpan.FromSeconds(10), run.Pause("RETRY"));
    }

    [Fact]
    public void Delay_ThatIsNone_EndsTheRetryWithTheBodysErrorAndSaysWhy()
    {
        var run = new EngineRun(RetryAfter(Step("a"), "$input.delay"), """{"delay":"soon"}""");
        run.Fail("a", "boom", "40001");

        Assert.Equal("boom", run.Failure.Error.Message);
        Assert.StartsWith(
            "It was not tried again: $input.delay is \"soon\", which is not a duration.", run.Failure.Error.Hint, StringComparison.Ordinal);
    }
}

using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class RetryTests
{
    [Fact]
    public void Advance_TransientFailures_BackOffUpToTheLongestDelay()
    {
        var run = new EngineRun(Retry(Step("a"), maxAttempts: 5, delay: 2, backoff: 3, maxDelay: 10));
        var pauses = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            run.Fail("a", sqlState: "40001");
            Assert.Equal(["RETRY"], run.Commands);
            pauses.Add(run.Pause("RETRY").TotalSeconds);
            run.Elapse("RETRY");
        }

        Assert.Equal([2, 6, 10, 10], pauses);
        Assert.Equal("0:5", run.Find("a").Execution.Path);
    }

    [Theory]
    [InlineData(true, 7.0, 7)]
    [InlineData(true, 0.0, 2)]
    [InlineData(true, 3600.0, 10)]
    [InlineData(true, null, 2)]
    [InlineData(false, 7.0, 2)]
    public void Advance_ServerThatAsksToWait_IsHeededWhenTheRetrySaysSo(bool heeds, double? asked, double pause)
    {
        var request = Http("HTTP", new() { ["url"] = "https://example.org" });
        var run = new EngineRun(Retry(request, delay: 2, maxDelay: 10)
            .Replace("max_attempts", heeds ? "retry_after\\\":true,\\\"max_attempts" : "max_attempts", StringComparison.Ordinal));
        var command = Assert.IsType<Command.SendHttp>(run.Find("POST https://example.org"));
        Assert.Equal(heeds, command.Call.FailsWhenTooMany);

        run.Feed(
            command.Execution, null, new StepError("HTTP POST https://example.org returned 429: ", "DF008") { RetryAfterSeconds = asked });
        Assert.Equal(pause, run.Pause("RETRY").TotalSeconds);
    }

    [Fact]
    public void Advance_PauseOfAnAttempt_IsKeyedByTheAttemptThatFailed()
    {
        var run = new EngineRun(Retry(Step("a")));
        run.Fail("a", sqlState: "40001");
        Assert.Equal(new ExecutionKey(0, "0:1"), run.Find("RETRY").Execution);
        run.Elapse("RETRY");
        run.Fail("a", sqlState: "40001");

        Assert.Equal(new ExecutionKey(0, "0:2"), run.Find("RETRY").Execution);
    }

    [Fact]
    public void Advance_LastAttemptFails_FailsWithTheAttempts()
    {
        var run = new EngineRun(Try(Retry(Step("a"), maxAttempts: 2), Step("SELECT $error.attempts")));
        run.Fail("a", sqlState: "40001");
        run.Elapse("RETRY");
        run.Fail("a", sqlState: "40001");

        Assert.Equal(["SELECT 2"], run.Commands);
    }

    [Fact]
    public void Advance_LastAttemptFails_RetriesThatAttemptLater()
    {
        var run = new EngineRun(Retry(Step("a"), maxAttempts: 2));
        run.Fail("a", "first", "40001");
        run.Elapse("RETRY");
        run.Fail("a", "second", "40001");

        Assert.Equal("second", run.Failure.Error.Message);
        Assert.Equal("a@0:2", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_LaterAttemptCompletes_Completes()
    {
        var run = new EngineRun(Then(Retry(Step("a")).As("x"), Step("SELECT $x")));
        run.Fail("a", sqlState: "08006");
        run.Elapse("RETRY");
        run.Complete("a", Row(3));

        Assert.Equal(["SELECT ('3'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Theory]
    [InlineData("40001", true)]
    [InlineData("40P01", true)]
    [InlineData("08006", true)]
    [InlineData("53300", true)]
    [InlineData("57P01", true)]
    [InlineData("55P03", true)]
    [InlineData("58030", true)]
    [InlineData("DF005", true)]
    [InlineData("DF008", true)]
    [InlineData("55006", false)]
    [InlineData("23505", false)]
    [InlineData("22004", false)]
    [InlineData("DF006", false)]
    public void Advance_WithoutAList_RetriesWhatMayPass(string sqlState, bool retried)
    {
        var run = new EngineRun(Retry(Step("a")));
        run.Fail("a", sqlState: sqlState);

        Assert.Equal(retried, run.Outcome is null);
    }

    [Theory]
    [InlineData("23505", true)]
    [InlineData("22012", true)]
    [InlineData("23503", false)]
    [InlineData("40001", false)]
    public void Advance_WithAList_RetriesTheseStatesAndClassesOnly(string sqlState, bool retried)
    {
        var run = new EngineRun(Retry(Step("a"), retryOn: ["23505", "22"]));
        run.Fail("a", sqlState: sqlState);

        Assert.Equal(retried, run.Outcome is null);
    }

    [Fact]
    public void Advance_OneAttempt_IsNotRetried()
    {
        var run = new EngineRun(Retry(Step("a"), maxAttempts: 1));
        run.Fail("a", sqlState: "40001");

        Assert.NotNull(run.Failure);
    }

    [Fact]
    public void Advance_NoDelayAndHugeBackoff_GoesOnAtOnce()
    {
        var run = new EngineRun(Retry(Step("a"), maxAttempts: 400, delay: 0, backoff: 100));
        for (var i = 1; i < 400; i++)
        {
            run.Fail("a", sqlState: "40001");
            Assert.Equal(TimeSpan.Zero, run.Pause("RETRY"));
            run.Elapse("RETRY");
        }

        Assert.Equal("0:400", run.Find("a").Execution.Path);
    }

    [Fact]
    public void Advance_BodyOfSeveralSteps_BeginsAtTheFirst()
    {
        var run = new EngineRun(Retry(Then(Step("a"), Step("b"))));
        run.Complete("a");
        run.Fail("b", sqlState: "40001");
        run.Elapse("RETRY");

        Assert.Equal(["a"], run.Commands);
    }

    [Fact]
    public void Advance_NestedRetries_CountForThemselves()
    {
        var run = new EngineRun(Retry(Retry(Step("a"), maxAttempts: 2), maxAttempts: 2));
        run.Fail("a", sqlState: "40001");
        run.Elapse("RETRY");
        run.Fail("a", sqlState: "40001");
        run.Elapse("RETRY");

        Assert.Equal("0:2/1:1", run.Find("a").Execution.Path);
    }

    [Fact]
    public void Advance_LoserOfARaceInItsPause_IsStopped()
    {
        var run = new EngineRun(Then(Race(Retry(Step("a")), Step("b")), Step("next")));
        run.Fail("a", sqlState: "40001");
        run.Complete("b");

        Assert.Equal(["RETRY@2:1"], run.Stopped);
        Assert.Equal(["next"], run.Open);
    }
}

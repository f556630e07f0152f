using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class TimeoutTests
{
    [Fact]
    public void Start_Timeout_WatchesTheClockAndBeginsTheBody()
    {
        var run = new EngineRun(Timeout(Step("a"), 1.5));

        Assert.Equal(["TIMEOUT", "a"], run.Commands);
        Assert.Equal(TimeSpan.FromSeconds(1.5), run.Pause("TIMEOUT"));
    }

    [Fact]
    public void Advance_BodyInTime_TakesTheClockBack()
    {
        var run = new EngineRun(Then(Timeout(Step("a"), 5).As("x"), Step("SELECT $x")));
        run.Complete("a", Row(2));

        Assert.Equal(["x@"], run.Stopped);
        Assert.Equal(["SELECT ('2'::pg_catalog.int4) AS \"?column?\""], run.Open);
    }

    [Fact]
    public void Advance_TimeIsUp_StopsTheWholeBodyAndFails()
    {
        var run =
            new EngineRun(Try(Timeout(Join(Step("a"), Then(Sleep(60), Step("b"))), 1.5), Step("SELECT $error.sqlstate, $error.message")));
        run.Elapse("TIMEOUT");

        Assert.Equal(["a@", "SLEEP@"], run.Stopped);
        Assert.Equal(["SELECT 'DF005', 'step timed out after 1.5 s'"], run.Commands);
    }

    [Fact]
    public void Advance_BodyFails_FailsWithItsError()
    {
        var run = new EngineRun(Timeout(Step("a"), 5));
        run.Fail("a", "boom", "22012");

        Assert.Equal(new StepError("boom", "22012"), run.Failure.Error);
        Assert.Empty(run.Open);
    }

    [Fact]
    public void Advance_LateEndOfTheBody_IsIgnored()
    {
        var run = new EngineRun(Try(Timeout(Step("a"), 5), Step("handler")));
        var late = run.Find("a").Execution;
        run.Elapse("TIMEOUT");
        run.Feed(late, Row(1), null);

        Assert.Equal(["handler"], run.Open);
    }

    [Fact]
    public void Advance_TimeoutInARetry_IsRetriedWithAClockOfItsOwn()
    {
        var run = new EngineRun(Retry(Timeout(Step("a"), 5)));
        run.Elapse("TIMEOUT");
        run.Elapse("RETRY");

        Assert.Equal(["TIMEOUT", "a"], run.Commands);
        Assert.Equal(TimeSpan.FromSeconds(5), run.Pause("TIMEOUT"));
    }

    [Fact]
    public void Advance_InnerTimeoutIsShorter_FailsTheBodyOfTheOuterOne()
    {
        var run = new EngineRun(Timeout(Timeout(Step("a"), 1), 5));
        var inner = run.State.InFlight.Keys.Single(key => key.Node == 1);
        run.Feed(inner, Json("""{"timed_out":true}"""), null);

        Assert.Equal("step timed out after 1 s", run.Failure.Error.Message);
    }
}

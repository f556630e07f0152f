using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

/// <summary>SLEEP, WAIT_SCHEDULE, SIGNAL, TIMEOUT.</summary>
public class WaitTests
{
    [Fact]
    public void Sleep_EndsAfterItsTime()
    {
        var run = new EngineRun(Then(Sleep(90), Step("a")));

        Assert.Equal(EngineRun.Noon.AddSeconds(90), run.Wait.Until);
        Assert.Equal("a", run.Elapse().Statements);
    }

    [Fact]
    public void Sleep_ThirtyDays_IsDueToTheSecond()
    {
        var run = new EngineRun(Sleep(30 * 86400));
        run.Elapse();

        Assert.Equal(EngineRun.Noon.AddDays(30), run.Now);
        Assert.IsType<Outcome.Completed>(run.Outcome);
    }

    [Fact]
    public void Sleep_AfterARestart_EndsWhenItWouldHave()
    {
        var run = new EngineRun(Then(Step("a"), Sleep(3600))).Complete("a");
        var (_, recovered) = run.Recover(run.Kept);

        Assert.Equal(run.Wait, Assert.Single(recovered.Commands));
    }

    [Fact]
    public void Schedule_HourlyForADay_TicksTwentyFourTimes()
    {
        var run = new EngineRun(Loop(Schedule("0 * * * *")));
        for (var tick = 1; tick <= 24; tick++)
        {
            run.Elapse();
            Assert.Equal(EngineRun.Noon.AddHours(tick), run.Now);
        }
    }

    [Fact]
    public void Schedule_WithoutAnyMoment_Fails() => Assert.Equal("DF013", new EngineRun(Schedule("0 0 30 2 *")).Error.SqlState);

    [Fact]
    public void Signal_BeforeItsTimeOut_HasTheData() =>
        Assert.Equal("""{"signal_name":"go","timed_out":false,"data":{"n":1}}""", new EngineRun(Signal("go", 10)).Signal("go", """{"n":1}""").Result.Json);

    [Fact]
    public void Signal_TimeOut_IsANormalEnd() =>
        Assert.Equal("""{"signal_name":"go","timed_out":true,"data":null}""", new EngineRun(Signal("go", 10)).Elapse().Result.Json);

    [Fact]
    public void Signal_WithoutTimeOut_WaitsForEver() => Assert.Null(new EngineRun(Signal("go")).Wait.Until);

    [Fact]
    public void Timeout_BodyInTime_IsItsResult()
    {
        var run = new EngineRun(Timeout(Step("a"), 10)).Complete("a", Row(5));

        Assert.Equal(Row(5), run.Result);
    }

    [Fact]
    public void Timeout_BodyTooSlow_IsStoppedAndFails()
    {
        var run = new EngineRun(Timeout(Join(Step("a"), Sleep(60)), 10)).Elapse();

        Assert.Equal(("DF005", "step timed out after 10 s"), (run.Error.SqlState, run.Error.Message));
    }

    [Fact]
    public void Timeout_OfARetriedInstance_BeginsAnew()
    {
        var state = new WorkflowState(Graph.WorkflowGraph.Parse(Timeout(Step("a"), 10)),
            new InstanceFacts("0a1b2c3d", null, null, System.Collections.Immutable.ImmutableDictionary<string, string>.Empty, TimeSpan.Zero, EngineRun.Noon.AddHours(1)));
        var decision = WorkflowEngine.Recover(state, EngineRun.Noon, []);

        Assert.Equal(EngineRun.Noon.AddHours(1).AddSeconds(10), decision.Commands.OfType<Command.Wait>().Single().Until);
    }
}

using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine;

/// <summary>How long a loop waits between two iterations.</summary>
public class LoopPaceTests
{
    [Fact]
    public void Advance_WaitsForNothing_IsPaced()
    {
        var run = new EngineRun(Loop(Step("body")), minLoopInterval: TimeSpan.FromSeconds(1));
        run.Now += TimeSpan.FromMilliseconds(300);
        run.Complete("body");

        Assert.Equal(["LOOP"], run.Commands);
        Assert.Equal(TimeSpan.FromMilliseconds(700), run.Pause("LOOP"));
        Assert.NotNull(run.Wait("LOOP").Carry);
        Assert.Empty(run.Carries);
        run.Elapse("LOOP");
        Assert.Equal(["body"], run.Commands);
    }

    [Fact]
    public void Advance_WithACondition_IsPacedToo()
    {
        var run = new EngineRun(Loop(Step("body"), Step("cond")), minLoopInterval: TimeSpan.FromSeconds(1));
        run.Complete("body");
        run.Complete("cond", Bool(true));
        Assert.Equal(TimeSpan.FromSeconds(1), run.Pause("LOOP"));
        run.Elapse("LOOP");
        run.Complete("body");
        run.Complete("cond", Bool(false));
        Assert.NotNull(run.Outcome);
    }

    [Fact]
    public void Advance_PacedAgain_CountsFromTheBeginOfTheIteration()
    {
        var run = new EngineRun(Loop(Step("body")), minLoopInterval: TimeSpan.FromSeconds(1));
        run.Complete("body");
        run.Elapse("LOOP");
        run.Now += TimeSpan.FromMilliseconds(100);
        run.Complete("body");

        Assert.Equal(TimeSpan.FromMilliseconds(900), run.Pause("LOOP"));
    }

    [Fact]
    public void Advance_IterationLongerThanTheInterval_IsNotPaced()
    {
        var run = new EngineRun(Loop(Step("body")), minLoopInterval: TimeSpan.FromSeconds(1));
        run.Now += TimeSpan.FromSeconds(1);
        run.Complete("body");

        Assert.Equal(["body"], run.Commands);
        Assert.Equal(new ExecutionKey(0, "0:1"), Assert.Single(run.Carries).Iteration);
    }

    // A wait as long as the interval, or a wait for somebody else, sets the pace itself.
    [Theory]
    [InlineData("sleep", 2, false)]
    [InlineData("sleep", 0, true)]
    [InlineData("signal that comes", 1, false)]
    [InlineData("signal that does not come", 1, true)]
    [InlineData("signal that does not come", 2, false)]
    public void Advance_IterationWithAWait_IsPacedUnlessItWaits(string wait, int seconds, bool paced)
    {
        var (node, open) = wait == "sleep" ? (Sleep(seconds), "SLEEP") : (Signal("go", seconds), "SIGNAL go");
        var run = new EngineRun(Loop(node), minLoopInterval: TimeSpan.FromSeconds(2));
        if (wait == "signal that comes")
            run.Send("go", """{"timed_out":true,"data":null}""");
        else
            run.Elapse(open);

        Assert.Equal([paced ? "LOOP" : open], run.Commands);
    }

    [Fact]
    public void Advance_SignalInAnInnerLoop_CountsForTheOuterOne()
    {
        var run = new EngineRun(Loop(Loop(Signal("go", 1), Step("cond"))), minLoopInterval: TimeSpan.FromHours(1));
        run.Send("go", "1");
        run.Complete("cond", Bool(false));

        Assert.Equal(["SIGNAL go"], run.Commands);
        Assert.Equal("0:2/1:1", run.Find("SIGNAL go").Execution.Path);
    }

    [Fact]
    public void Advance_PaceOfItsOwn_Overrides()
    {
        var slow = new EngineRun(Loop(Step("body"), minIntervalMs: 5000));
        slow.Complete("body");
        Assert.Equal(TimeSpan.FromSeconds(5), slow.Pause("LOOP"));

        var fast = new EngineRun(Loop(Step("body"), minIntervalMs: 0));
        fast.Complete("body");
        Assert.Equal(["body"], fast.Commands);
    }

    [Fact]
    public void Recover_WaitOfACarriedInnerIteration_StillCountsForTheOuterLoop()
    {
        var live = new EngineRun(
            Loop(Loop(Then(Step("a"), If(Step("last"), Break("1"), Signal("go", 9))))), minLoopInterval: TimeSpan.FromHours(1));
        live.Complete("a");
        live.Complete("last", Bool(false));
        live.Send("go", "1");
        var rows = new List<Checkpoint> { new(live.Carries.Single().Iteration, live.Now, live.Carries.Single().State, null, 1) };
        live.Complete("a");
        rows.Add(live.Inputs[^1]);
        live.Complete("last", Bool(true));
        rows.Add(live.Inputs[^1]);
        Assert.Equal(["a"], live.Open);

        var state = new WorkflowState(live.Graph, live.Facts);
        WorkflowEngine.Recover(state, EngineRun.Began, rows);

        Assert.Equal(live.State.InFlight.Keys, state.InFlight.Keys);
    }
}

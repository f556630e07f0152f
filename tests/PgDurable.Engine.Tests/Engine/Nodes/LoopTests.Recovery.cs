using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

/// <content>Recovery inside a loop, and what an iteration carries.</content>
public partial class LoopTests
{
    [Fact]
    public void Recover_CarriedRows_GoOnWithTheNextIteration()
    {
        var graph = Then(Step("init").As("x"), Loop(Step("SELECT $x").As("x"), Step("cond")));
        var live = new EngineRun(graph);
        live.Complete("init", Row(1));
        live.Complete("SELECT ('1'::pg_catalog.int4) AS \"?column?\"", Row(2));
        live.Complete("cond", Bool(true));
        var carry = live.Carries.Single();

        var state = new WorkflowState(live.Graph, live.Facts);
        var decision = WorkflowEngine.Recover(
            state, EngineRun.Began, [live.Inputs[0], new Checkpoint(carry.Iteration, live.Now, carry.State, null, 1)]);

        Assert.Equal("SELECT ('2'::pg_catalog.int4) AS \"?column?\"", EngineRun.Name(Assert.Single(decision.Commands)));
        Assert.Equal("2:2", decision.Commands[0].Execution.Path);
    }

    [Fact]
    public void Recover_CarryThatWasNeverWritten_IsAskedForAgain()
    {
        var live = new EngineRun(Loop(Step("body"), Step("cond")));
        live.Complete("body");
        live.Complete("cond", Bool(true));

        var decision = WorkflowEngine.Recover(new WorkflowState(live.Graph, live.Facts), EngineRun.Began, live.Inputs);

        Assert.Equal(live.Carries.AsEnumerable(), decision.Carries);
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

    [Fact]
    public void Recover_NameBoundToTheSameValueInTheLoop_StillCountsAsBoundThere()
    {
        var live =
            new EngineRun(Then(Step("a").As("x"), Join(Step("b").As("x"), Loop(Step("c").As("x"), Step("cond"))), Step("SELECT $x")));
        live.Complete("a", Row(1));
        live.Complete("c", Row(1));
        live.Complete("cond", Bool(true));
        var carry = live.Carries.Single();

        var state = new WorkflowState(live.Graph, live.Facts);
        WorkflowEngine.Recover(state, EngineRun.Began, [live.Inputs[0], new Checkpoint(carry.Iteration, live.Now, carry.State, null, 1)]);
        Assert.Contains("\"x\"", carry.State.Json, StringComparison.Ordinal);

        Assert.Equal(["x"], state.Loops.Values.Single().Scope.Touched);
    }

    [Fact]
    public void Advance_NameBoundToWhatItWasBefore_IsCarried()
    {
        var run = new EngineRun(Then(Schedule("* * * * *").As("x"), Loop(Then(Step("a").As("x"), Schedule("* * * * *").As("x")))));
        run.Elapse("WAIT_SCHEDULE");
        run.Complete("a");
        run.Elapse("WAIT_SCHEDULE");

        Assert.Contains("""{"x":{"result":{"scheduled":true}}}""", run.Carries.Single().State.Json, StringComparison.Ordinal);
    }
}

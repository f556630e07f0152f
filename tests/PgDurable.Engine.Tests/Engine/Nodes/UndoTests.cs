using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class UndoTests
{
    private static string Reserve(string what) => Undo(Step(what), Step($"undo {what}"));

    [Fact]
    public void Advance_LaterStepFails_UndosRunInReverse()
    {
        var run = new EngineRun(Then(Reserve("a"), Reserve("b"), Reserve("c"), Step("d")));
        run.Complete("a");
        run.Complete("b");
        run.Fail("c", "no room", "P0001");
        Assert.Equal(["undo b"], run.Commands);
        run.Complete("undo b");
        Assert.Equal(["undo a"], run.Commands);
        run.Complete("undo a");

        Assert.Equal(new StepError("no room", "P0001"), run.Failure.Error);
        Assert.Empty(run.FailedSteps);
    }

    [Fact]
    public void Advance_Undo_SeesTheNamesOfItsStep()
    {
        var run = new EngineRun(Then(
            Undo(Step("a"), Step("cancel $x")).As("y"), Undo(Step("b").As("x"), Step("cancel $x")),
            Undo(Step("c"), Step("cancel $z")).As("z"), Step("d").As("x"), Step("e")));
        run.Complete("a", Row(1));
        run.Complete("b", Row(2));
        run.Complete("c", Row(3));
        run.Complete("d", Row(4));
        run.Fail("e");
        Assert.Equal(["cancel ('3'::pg_catalog.int4)"], run.Commands);
        run.Complete("cancel ('3'::pg_catalog.int4)");
        Assert.Equal(["cancel ('2'::pg_catalog.int4)"], run.Commands);
        run.Complete("cancel ('2'::pg_catalog.int4)");

        Assert.Equal(["cancel $x"], run.Commands);
    }

    [Fact]
    public void Advance_AnUndoFails_TheOthersStillRun()
    {
        var run = new EngineRun(Then(Reserve("a"), Reserve("b"), Step("c")));
        run.Complete("a");
        run.Complete("b");
        run.Fail("c", "first");
        run.Fail("undo b", "second");
        Assert.Equal(["undo a"], run.Commands);
        run.Complete("undo a");

        Assert.Equal("first", run.Failure.Error.Message);
    }

    [Fact]
    public void Advance_EverythingCompletes_NoUndoRuns()
    {
        var run = new EngineRun(Then(Reserve("a"), Reserve("b")));
        run.Complete("a");
        run.Complete("b", Row(2));

        Assert.Equal(Row(2).Json, run.Result);
        Assert.Equal(new ExecutionKey(5, ""), run.Source);
    }

    [Fact]
    public void Advance_FailureInTheBodyOfATry_UndoesBeforeTheHandler()
    {
        var run = new EngineRun(Try(Then(Reserve("a"), Step("b")), Step("handler")));
        run.Complete("a");
        run.Fail("b");
        Assert.Equal(["undo a"], run.Commands);
        run.Complete("undo a");

        Assert.Equal(["handler"], run.Commands);
    }

    [Fact]
    public void Advance_FailureInTheBodyOfATry_LeavesStepsBeforeItAlone()
    {
        var run = new EngineRun(Then(Reserve("a"), Try(Step("b"), Step("handler"))));
        run.Complete("a");
        run.Fail("b");

        Assert.Equal(["handler"], run.Commands);
    }

    [Fact]
    public void Advance_FailureAfterACompletedTry_UndoesItsSteps()
    {
        var run = new EngineRun(Then(Reserve("a"), Try(Reserve("b"), Step("handler")), Step("c")));
        run.Complete("a");
        run.Complete("b");
        run.Fail("c");
        Assert.Equal(["undo b"], run.Commands);
        run.Complete("undo b");

        Assert.Equal(["undo a"], run.Commands);
    }

    [Fact]
    public void Advance_StepsOfATrysHandler_BelongToTheOuterScope()
    {
        var run = new EngineRun(Then(Try(Step("a"), Reserve("h")), Step("b")));
        run.Fail("a");
        run.Complete("h");
        run.Fail("b");

        Assert.Equal(["undo h"], run.Commands);
    }

    [Fact]
    public void Advance_StepsOfBranches_AreUndoneInReverseOfTheirCompletion()
    {
        var run = new EngineRun(Then(Join(Reserve("a"), Reserve("b"), Reserve("c")), Step("d")));
        run.Complete("b");
        run.Now += TimeSpan.FromSeconds(1);
        run.Complete("c");
        run.Now += TimeSpan.FromSeconds(1);
        run.Complete("a");
        run.Fail("d");
        var order = new List<string>();
        while (run.Outcome is null)
        {
            order.Add(run.Open.Single());
            run.Complete(order[^1]);
        }

        Assert.Equal(["undo a", "undo c", "undo b"], order);
    }

    [Fact]
    public void Advance_LoserOfARaceThatHasCompletedAStep_IsUndoneToo()
    {
        var run = new EngineRun(Then(Race(Then(Reserve("a"), Step("a2")), Step("b")), Step("c")));
        run.Complete("a");
        run.Complete("b");
        run.Fail("c");

        Assert.Equal(["undo a"], run.Commands);
    }

    [Fact]
    public void Advance_StepsOfAStoppedTry_BelongToTheOuterScope()
    {
        var run = new EngineRun(Then(Timeout(Try(Try(Then(Reserve("a"), Step("a2")), Step("h1")), Step("h2")), 5), Step("b")));
        run.Complete("a");
        run.Elapse("TIMEOUT");

        Assert.Equal(["a2@"], run.Stopped);
        Assert.Equal(["undo a"], run.Commands);
    }

    [Fact]
    public void Advance_StepsOfIterations_AreUndoneWithTheirOwnNames()
    {
        var run = new EngineRun(Loop(Undo(Step("a").As("x"), Step("undo $x")), Step("cond")));
        run.Complete("a", Row(1));
        run.Complete("cond", Bool(true));
        run.Now += TimeSpan.FromSeconds(1);
        run.Complete("a", Row(2));
        run.Fail("cond");
        Assert.Equal(["undo ('2'::pg_catalog.int4)"], run.Commands);
        Assert.Equal("0:2", run.State.InFlight.Keys.Single().Path);
        run.Complete("undo ('2'::pg_catalog.int4)");

        Assert.Equal(["undo ('1'::pg_catalog.int4)"], run.Commands);
        Assert.Equal("0:1", run.State.InFlight.Keys.Single().Path);
    }

    [Fact]
    public void Advance_UndoOfSeveralSteps_RunsThemAll()
    {
        var run = new EngineRun(Then(Undo(Step("a"), Then(Step("u1"), Sleep(1), Step("u2"))), Step("b")));
        run.Complete("a");
        run.Fail("b");
        run.Complete("u1");
        run.Elapse("SLEEP");
        run.Complete("u2");

        Assert.Equal("boom", run.Failure.Error.Message);
    }

    [Fact]
    public void Recover_StepOfAnotherBranchBetweenIterations_IsUndoneInItsTurn()
    {
        var live = new EngineRun(Then(Join(Loop(Reserve("a"), Step("cond")), Reserve("b")), Step("c")));
        var rows = new List<Checkpoint>();
        foreach (var step in (string[])["a", "b", "a"])
        {
            live.Now += TimeSpan.FromSeconds(1);
            live.Complete(step);
            if (step == "b")
            {
                rows.Add(live.Inputs[^1]);
                continue;
            }
            live.Complete("cond", Bool(true));
            rows.Add(new Checkpoint(live.Carries.Single().Iteration, live.Now, live.Carries.Single().State, null, 1));
        }

        var state = new WorkflowState(live.Graph, live.Facts);
        WorkflowEngine.Recover(state, EngineRun.Began, rows);

        Assert.Equal([(5, "2:1"), (9, ""), (5, "2:2")], live.State.Undos.Entries.Select(undo => (undo.Node, undo.Path)));
        Assert.Equal(
            live.State.Undos.Entries.Select(undo => (undo.Node, undo.Path)), state.Undos.Entries.Select(undo => (undo.Node, undo.Path)));
    }

    [Fact]
    public void Advance_StepsThatCompleteAtTheSameMoment_AreUndoneInReverseOfTheGraph()
    {
        var run = new EngineRun(Then(
            Undo(Undo(Step("a"), Step("undo inner")), Step("undo outer")), Loop(Then(Reserve("b"), Reserve("c")), Step("cond")),
            Reserve("d"), Step("e")));
        run.Complete("a");
        for (var i = 1; i <= 10; i++)
        {
            run.Complete("b");
            run.Complete("c");
            run.Complete("cond", Bool(i < 10));
        }
        run.Complete("d");
        run.Fail("e");
        var order = new List<string>();
        while (run.Outcome is null)
        {
            var (key, open) = run.State.InFlight.Single();
            order.Add($"{EngineRun.Name(open.Command)} {key.Path[(key.Path.IndexOf(':', StringComparison.Ordinal) + 1)..]}");
            run.Feed(key, Row(1), null);
        }

        var iterations = Enumerable.Range(1, 10).Reverse().SelectMany(i => (string[])[$"undo c {i}", $"undo b {i}"]);
        Assert.Equal(["undo d ", .. iterations, "undo outer ", "undo inner "], order);
    }
}

using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>Loops that continue on failure.</summary>
public partial class LoopFailureTests
{
    private static readonly StepResult Null = Json("null");

    [Fact]
    public void Advance_StepFails_TheConditionIsSkippedAndTheNextIterationBegins()
    {
        var run = new EngineRun(Loop(Step("body"), Step("cond"), continueOnFailure: true));
        run.Fail("body");

        Assert.Equal(["body"], run.Commands);
        Assert.Equal("0:2", run.Find("body").Execution.Path);
        Assert.Null(run.Outcome);
    }

    [Fact]
    public void Advance_StepFails_IsPaced()
    {
        var run = new EngineRun(Loop(Step("body"), continueOnFailure: true), minLoopInterval: TimeSpan.FromSeconds(1));
        run.Fail("body");

        Assert.Equal(TimeSpan.FromSeconds(1), run.Pause("LOOP"));
    }

    [Fact]
    public void Advance_BodyCompletesAfterAFailure_TheConditionDecides()
    {
        var run = new EngineRun(Loop(Step("body"), Step("cond"), continueOnFailure: true));
        run.Fail("body");
        run.Complete("body", Row(2));
        run.Complete("cond", Bool(false));

        Assert.Equal(Row(2).Json, run.Result);
    }

    [Fact]
    public void Advance_WithoutTheFlag_TheFirstFailureEndsTheLoop()
    {
        var run = new EngineRun(Loop(Step("body")));
        run.Fail("body", "boom");

        Assert.Equal("boom", run.Failure.Error.Message);
    }

    [Theory]
    [InlineData("call")]
    [InlineData("request")]
    [InlineData("time-out")]
    [InlineData("df.fail")]
    public void Advance_WhatWasRunFails_IsAFailedIteration(string what)
    {
        var (node, open) = what switch
        {
            "call" => (Call("child"), "CALL child"),
            "request" => (Http("HTTP", new() { ["url"] = "https://example.org/", ["method"] = "GET" }), "GET https://example.org/"),
            "time-out" => (Timeout(Step("slow"), 5), "TIMEOUT"),
            _ => (Then(Step("a"), Fail("no")), "a"),
        };
        var run = new EngineRun(Loop(node, continueOnFailure: true), minLoopInterval: TimeSpan.FromHours(1));
        if (what == "time-out")
            run.Elapse(open);
        else if (what == "df.fail")
            run.Complete(open);
        else
            run.Fail(open);

        Assert.Equal(["LOOP"], run.Open);
    }

    [Fact]
    public void Advance_ReferenceWithoutAValue_IsFatal()
    {
        var run = new EngineRun(Loop(Then(Step("a").As("x"), Step("SELECT $x")), continueOnFailure: true));
        run.Complete("a", Null);

        Assert.True(run.Failure.Error.IsFatal);
        Assert.Equal("22004", run.Failure.Error.SqlState);
    }

    [Fact]
    public void Advance_ConditionFails_IsFatal()
    {
        var run = new EngineRun(Loop(Step("body"), Step("cond"), continueOnFailure: true));
        run.Complete("body");
        run.Fail("cond", "boom");

        Assert.Equal("boom", run.Failure.Error.Message);
    }

    [Fact]
    public void Advance_ConditionOfAnInnerLoopFails_IsFatalForTheOuterOneToo()
    {
        var run = new EngineRun(Loop(Loop(Step("body"), Step("cond"), continueOnFailure: true), continueOnFailure: true));
        run.Complete("body");
        run.Fail("cond", "boom");

        Assert.Equal("boom", run.Failure.Error.Message);
    }

    [Fact]
    public void Advance_ConditionOfAnIfFails_IsAFailedIteration()
    {
        var run = new EngineRun(Loop(If(Step("cond"), Step("a"), Step("b")), continueOnFailure: true));
        run.Fail("cond");

        Assert.Equal("0:2", run.Find("cond").Execution.Path);
    }

    [Fact]
    public void Advance_InnerLoopFails_EndsTheIterationOfTheOuterOne()
    {
        var run = new EngineRun(Loop(Loop(Step("body"), Step("cond")), continueOnFailure: true));
        run.Complete("body");
        run.Complete("cond", Bool(true));
        run.Fail("body");

        Assert.Equal("0:2/1:1", run.Find("body").Execution.Path);
    }

    [Fact]
    public void Advance_Break_EndsTheLoopWithItsValueAndNames()
    {
        var run = new EngineRun(Then(Loop(Then(Step("a").As("x"), Break("7")), continueOnFailure: true).As("r"), Step("SELECT $x, $r")));
        run.Fail("a");
        run.Complete("a", Row(1));

        Assert.Equal(["SELECT ('1'::pg_catalog.int4) AS \"?column?\", 7"], run.Commands);
    }

    [Fact]
    public void Advance_BreakOfAnInnerLoop_DoesNotEndTheOuterOne()
    {
        var run = new EngineRun(
            Loop(Then(Loop(If(Step("last"), Break(), Step("work")), continueOnFailure: true), Step("after")), continueOnFailure: true));
        run.Complete("last", Bool(true));

        Assert.Equal(["after"], run.Commands);
    }

    [Fact]
    public void Advance_NamesOfAFailedIteration_AreLost()
    {
        var run = new EngineRun(Then(
            Step("a").As("x"),
            Loop(Then(Step("b").As("x"), Step("SELECT $x")), Step("cond"), continueOnFailure: true),
            Step("SELECT $x, 2")));
        run.Complete("a", Row(1));
        run.Complete("b", Row(2));
        run.Fail("SELECT ('2'::pg_catalog.int4) AS \"?column?\"");
        run.Fail("b");
        run.Complete("b", Row(3));
        run.Complete("SELECT ('3'::pg_catalog.int4) AS \"?column?\"");
        run.Complete("cond", Bool(true));
        run.Complete("b", Row(4));
        run.Fail("SELECT ('4'::pg_catalog.int4) AS \"?column?\"");
        Assert.DoesNotContain("'4'", run.Carries.Single().State.Json, StringComparison.Ordinal);
        run.Complete("b", Row(5));
        run.Complete("SELECT ('5'::pg_catalog.int4) AS \"?column?\"");
        run.Complete("cond", Bool(false));

        Assert.Equal(["SELECT ('5'::pg_catalog.int4) AS \"?column?\", 2"], run.Commands);
    }

    [Fact]
    public void Advance_FailedIteration_TakesBackItsStepsBeforeTheNextOne()
    {
        var run =
            new EngineRun(Loop(Then(Undo(Step("a"), Step("undo a")), Undo(Step("b"), Step("undo b")), Step("c")), continueOnFailure: true));
        run.Complete("a");
        run.Complete("b");
        run.Fail("c");
        Assert.Equal(["undo b"], run.Commands);
        run.Fail("undo b");
        Assert.Equal(["undo a"], run.Commands);
        run.Complete("undo a");

        Assert.Equal(["a"], run.Commands);
        Assert.Equal("0:2", run.Find("a").Execution.Path);
    }

    [Fact]
    public void Advance_RaceWonByAFailure_EndsTheIterationAndStopsTheLoser()
    {
        var run = new EngineRun(Loop(Race(Step("a"), Step("b")), continueOnFailure: true));
        run.Fail("a");

        Assert.Equal(["b@0:1"], run.Stopped);
        Assert.Equal("0:2", run.Find("a").Execution.Path);
    }

    [Fact]
    public void Advance_HandledFailure_IsNoFailedIteration()
    {
        var run = new EngineRun(Loop(Try(Step("a"), Step("handler")), Step("cond"), continueOnFailure: true));
        run.Fail("a");
        run.Complete("handler");
        run.Complete("cond", Bool(true));

        Assert.DoesNotContain("failed_iterations", run.Carries.Single().State.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Advance_FailedIterations_AreCountedAndTheLastErrorCarried()
    {
        var run = new EngineRun(Loop(Join(Step("a"), Step("b")), Step("cond"), continueOnFailure: true));
        run.Fail("b", "first", "22012");
        run.Complete("a");
        run.Fail("a", new string('x', 2000), "23505");
        run.Complete("b");
        run.Complete("a");
        run.Complete("b");
        run.Complete("cond", Bool(true));

        using var state = System.Text.Json.JsonDocument.Parse(run.Carries.Single().State.Json);
        Assert.Equal(2, state.RootElement.GetProperty("failed_iterations").GetInt32());
        var error = state.RootElement.GetProperty("last_error");
        Assert.Equal(new string('x', 1000) + "…", error.GetProperty("message").GetString());
        Assert.Equal("23505", error.GetProperty("sqlstate").GetString());
        Assert.Equal("00000002", error.GetProperty("node").GetString());
    }

    // The fatal mark is recorded: recovery has no other way to tell the two failures apart.
    [Fact]
    public void Recover_CarriedFailures_GoOnCounting()
    {
        var live = new EngineRun(Loop(Step("body"), continueOnFailure: true));
        live.Fail("body", "first");
        var carry = live.Carries.Single();
        var state = new WorkflowState(live.Graph, live.Facts);
        WorkflowEngine.Recover(state, EngineRun.Began, [new Checkpoint(carry.Iteration, live.Now, carry.State, null, 1)]);
        var decision =
            WorkflowEngine.Advance(state, new Checkpoint(new ExecutionKey(1, "0:2"), live.Now, null, new StepError("second", "P0001"), 1));

        Assert.Contains("\"failed_iterations\":2,\"last_error\":{\"message\":\"second\"", Assert.Single(decision.Carries).State.Json,
            StringComparison.Ordinal);
    }
}

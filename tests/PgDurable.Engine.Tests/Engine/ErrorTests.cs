using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

/// <summary>RETRY, TRY, FAIL and UNDO.</summary>
public class ErrorTests
{
    [Fact]
    public void Retry_TransientErrors_BackOffAndThenTheAttemptsAreUsedUp()
    {
        var run = new EngineRun(Retry(Step("a"), attempts: 4, delay: 10, backoff: 3, maxDelay: 50));
        var pauses = new List<double>();
        for (var attempt = 1; attempt < 4; attempt++)
        {
            var before = run.Now;
            run.Fail("a", "40001").Elapse();
            pauses.Add((run.Now - before).TotalSeconds);
        }
        run.Fail("a", "40001", "the last");

        Assert.Equal([10, 30, 50], pauses);
        Assert.Equal("the last", run.Error.Message);
    }

    [Fact]
    public void Retry_LaterAttemptSucceeds_IsTheResult() =>
        Assert.Equal(Row(3), new EngineRun(Retry(Step("a"), 3)).Fail("a", "40P01").Elapse().Complete("a", Row(3)).Result);

    [Theory]
    [InlineData("22012")]
    [InlineData("23505")]
    [InlineData("DF006")]
    public void Retry_ErrorOfTheApplications_IsNotRetried(string state) => Assert.Equal(state, new EngineRun(Retry(Step("a"), 3)).Fail("a", state).Error.SqlState);

    [Fact]
    public void Retry_OwnList_TakesStatesAndClasses()
    {
        Assert.IsType<Command.Wait>(Assert.Single(new EngineRun(Retry(Step("a"), 3, on: ["22"])).Fail("a", "22012").Open));
        Assert.IsType<Command.Wait>(Assert.Single(new EngineRun(Retry(Step("a"), 3, on: ["S0001"])).Fail("a", "S0001").Open));
        Assert.Equal("40001", new EngineRun(Retry(Step("a"), 3, on: ["22"])).Fail("a", "40001").Error.SqlState);
    }

    [Fact]
    public void Retry_EachAttempt_IsAnExecutionOfItsOwn()
    {
        var run = new EngineRun(Retry(Then(Step("a"), Step("b")), 3)).Complete("a").Fail("b", "40001").Elapse();

        Assert.Equal(new ExecutionKey(2, "0:2"), Assert.Single(run.Open).Execution);
    }

    [Fact]
    public void Try_BodySucceeds_HandlerIsNotRun()
    {
        var run = new EngineRun(Try(Step("body"), Step("handler"), Step("last"))).Complete("body", Row(1));
        Assert.Equal("last", run.Statements);

        Assert.Equal(Row(1), run.Complete("last", Row(2)).Result);
    }

    [Fact]
    public void Try_BodyFails_HandlerSeesTheErrorAndItsResultCounts()
    {
        var run = new EngineRun(Try(Step("body", "b"), Step("SELECT $error.message, $error.sqlstate, $error.node"), Step("last $error.sqlstate"))).Fail("body");
        Assert.Equal("SELECT 'boom', '22012', '00000001'", run.Statements);
        run.Complete(run.Statements, Row(4));
        Assert.Equal("last '22012'", run.Statements);

        Assert.Equal(Row(4), run.Complete(run.Statements).Result);
    }

    [Fact]
    public void Try_HandlerFails_ThatErrorGoesOnAfterTheLastPart()
    {
        var run = new EngineRun(Try(Step("body"), Step("handler"), Step("last"))).Fail("body").Fail("handler", "23505", "worse");
        Assert.Equal("last", run.Statements);

        Assert.Equal("worse", run.Complete("last").Error.Message);
    }

    [Fact]
    public void Try_LastPartFails_ThatErrorCounts() => Assert.Equal("late", new EngineRun(Try(Step("a"), Step("h"), Step("last"))).Complete("a").Fail("last", message: "late").Error.Message);

    [Fact]
    public void Try_Error_IsNotSeenAfterwards()
    {
        var run = new EngineRun(Then(Try(Step("a"), Step("h")), Step("SELECT $error.message"))).Fail("a").Complete("h");

        Assert.Equal("SELECT $error.message", run.Statements);
    }

    [Theory]
    [InlineData(null, "DF006")]
    [InlineData("P0042", "P0042")]
    public void Fail_EndsWithItsMessage(string? state, string expected)
    {
        var run = new EngineRun(Then(Step("a", "x"), Fail("no stock for $x.v", state))).Complete("a", Row(8));

        Assert.Equal(("no stock for 8", expected), (run.Error.Message, run.Error.SqlState));
    }

    [Fact]
    public void Undo_LaterFailure_RunsUndosInReverseAndThenFails()
    {
        var run = new EngineRun(Sequence(Undo(Step("a"), Step("undo a")), Undo(Step("b"), Step("undo b")), Undo(Step("c"), Step("undo c"))));
        run.Complete("a").Complete("b").Fail("c", message: "why");
        Assert.Equal("undo b", run.Statements);
        run.Fail("undo b", message: "an undo's own failure stops nothing");
        Assert.Equal("undo a", run.Statements);

        Assert.Equal("why", run.Complete("undo a").Error.Message);
    }

    [Fact]
    public void Undo_Names_AreThoseOfTheMomentOfItsStep()
    {
        var run = new EngineRun(Sequence(Undo(Step("a", "x"), Step("undo $x.v")), Step("b", "x"), Fail("no"))).Complete("a", Row(1)).Complete("b", Row(2));

        Assert.Equal("undo ('1'::pg_catalog.int4)", run.Statements);
    }

    [Fact]
    public void Undo_InsideATry_RunsBeforeTheHandler()
    {
        var run = new EngineRun(Then(Undo(Step("outer"), Step("undo outer")), Try(Then(Undo(Step("a"), Step("undo a")), Step("b")), Step("handler"))));
        run.Complete("outer").Complete("a").Fail("b");
        Assert.Equal("undo a", run.Statements);
        Assert.Equal("handler", run.Complete("undo a").Statements);
        run.Complete("handler");

        Assert.IsType<Outcome.Completed>(run.Outcome);
    }

    [Fact]
    public void Undo_InsideATryThatSucceeded_BelongsToTheOuterScope()
    {
        var run = new EngineRun(Then(Try(Undo(Step("a"), Step("undo a")), Step("h")), Fail("no"))).Complete("a");

        Assert.Equal("undo a", run.Statements);
    }

    [Fact]
    public void Call_Input_IsTypedAndTheResultIsTheChilds()
    {
        var run = new EngineRun(Then(Step("a", "x"), Call("child", """{"n":"$x.v","text":"is $x.v"}""", "c"))).Complete("a", Row(3));
        var child = Assert.IsType<Command.StartChild>(Assert.Single(run.Open));

        Assert.Equal(("child", """{"n":3,"text":"is 3"}"""), (child.Workflow, child.InputJson));
        Assert.Equal(Row(9), run.Complete(child, Row(9)).Result);
    }

    [Fact]
    public void Http_References_AreReplacedInUrlAndBody()
    {
        var run = new EngineRun(Then(Step("a", "x"), Http("http://h/$x.v", "body $x.v"))).Complete("a", Row(3));
        var call = Assert.IsType<Command.SendHttp>(Assert.Single(run.Open)).Call;

        Assert.Equal(("http://h/3", "body 3"), (call.Url, call.Body));
    }
}

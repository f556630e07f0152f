using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

/// <content>Failures that end the loop all the same.</content>
public partial class LoopFailureTests
{
    [Fact]
    public void Advance_FatalFailure_TakesBackTheStepsOfAllIterations()
    {
        var run = new EngineRun(
            Loop(Then(Undo(Step("a"), Step("undo")), Step("c").As("x"), Step("SELECT $x")), Step("cond"), continueOnFailure: true));
        run.Complete("a");
        run.Complete("c", Row(1));
        run.Complete("SELECT ('1'::pg_catalog.int4) AS \"?column?\"");
        run.Complete("cond", Bool(true));
        run.Complete("a");
        run.Complete("c", Null);

        Assert.Equal("0:2", run.Find("undo").Execution.Path);
        run.Complete("undo");
        Assert.Equal("0:1", run.Find("undo").Execution.Path);
    }

    [Theory]
    [InlineData("join")]
    [InlineData("foreach")]
    public void Advance_FatalBranchBehindAFailedOne_Decides(string kind)
    {
        var run = kind == "join"
            ? new EngineRun(Loop(Then(Step("a").As("x"), Join(Step("b"), Step("SELECT $x"))), continueOnFailure: true))
            : new EngineRun(Loop(
                Then(Step("a").As("x"), ForEach("x", If(Step("SELECT $item?"), Step("b"), Step("SELECT $item, 1")))),
                continueOnFailure: true));
        if (kind == "join")
        {
            run.Complete("a", Null);
            run.Fail("b");
        }
        else
        {
            run.Complete("a", Json("[1,null]"));
            run.Complete("SELECT 1", Bool(true));
            run.Complete("SELECT NULL", Bool(false));
            run.Fail("b");
        }

        Assert.True(run.Failure.Error.IsFatal);
        Assert.Equal(kind == "foreach", run.Failure.Error.Message.StartsWith("FOREACH item 1 failed: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Advance_FatalBranchBehindABreak_Decides()
    {
        var run = new EngineRun(Loop(Then(Step("a").As("x"), Join(Break("1"), Step("SELECT $x"))), continueOnFailure: true));
        run.Complete("a", Null);

        Assert.True(run.Failure.Error.IsFatal);
    }

    [Fact]
    public void Advance_FatalBranchOutsideOfSuchALoop_TheFirstBranchDecides()
    {
        var run = new EngineRun(Loop(Then(Step("a").As("x"), Join(Step("b"), Step("SELECT $x")))));
        run.Complete("a", Null);
        run.Fail("b", "boom");

        Assert.Equal("boom", run.Failure.Error.Message);
        Assert.False(run.Failure.Error.IsFatal);
    }
}

using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class JoinTests
{
    [Fact]
    public void Start_Join_BeginsAllBranches() =>
        Assert.Equal(["a", "b", "c", "d"], new EngineRun(Join(Step("a"), Step("b"), Step("c"), Step("d"))).Commands);

    [Fact]
    public void Advance_LastBranch_CompletesWithAllResultsInBranchOrder()
    {
        var run = new EngineRun(Join(Step("a"), Join(Step("b"), Step("c"))));
        run.Complete("c", Json("3"));
        run.Complete("a", Json("1"));
        Assert.Null(run.Outcome);
        run.Complete("b", Json("2"));

        Assert.Equal("[1,[2,3]]", run.Result);
        Assert.Null(run.Source);
    }

    [Fact]
    public void Advance_FailedBranch_WaitsForTheOthers()
    {
        var run = new EngineRun(Join(Step("a"), Step("b"), Step("c")));
        run.Fail("b", "boom", "22012");
        Assert.Empty(run.Stopped);
        Assert.Equal(["a", "c"], run.Open);
        run.Complete("a");
        run.Complete("c");

        Assert.Equal(new StepError("boom", "22012"), run.Failure.Error);
        Assert.Equal("b@", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_TwoFailedBranches_ReportsTheFirstAndRetriesBoth()
    {
        var run = new EngineRun(Join(Step("a"), Step("b")));
        run.Fail("b", "second");
        run.Fail("a", "first");

        Assert.Equal("first", run.Failure.Error.Message);
        Assert.Equal(["a@", "b@"], run.FailedSteps);
    }

    [Fact]
    public void Advance_NamesOfBranches_AreVisibleAfterwardsOnly()
    {
        var run = new EngineRun(Then(Join(Step("a").As("x"), Then(Step("b").As("y"), Step("SELECT $x, $y"))), Step("SELECT $x + $y")));
        run.Complete("a", Row(1));
        run.Complete("b", Row(2));
        Assert.Equal(["SELECT $x, ('2'::pg_catalog.int4) AS \"?column?\""], run.Commands);
        run.Complete("SELECT $x, ('2'::pg_catalog.int4) AS \"?column?\"");

        Assert.Equal(["SELECT ('1'::pg_catalog.int4) + ('2'::pg_catalog.int4)"], run.Commands);
    }

    [Fact]
    public void Advance_BranchThatDidNotTouchAName_DoesNotOverwriteIt()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Join(Step("b").As("x"), Step("c")), Step("SELECT $x")));
        run.Complete("a", Row(1));
        run.Complete("b", Row(2));
        run.Complete("c");

        Assert.Equal(["SELECT ('2'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_SameNameInTwoBranches_TheLaterBranchWins()
    {
        var run = new EngineRun(Then(Join(Step("a").As("x"), Step("b").As("x")), Step("SELECT $x")));
        run.Complete("b", Row(2));
        run.Complete("a", Row(1));

        Assert.Equal(["SELECT ('2'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }
}

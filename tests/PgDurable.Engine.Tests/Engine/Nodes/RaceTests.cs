using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class RaceTests
{
    [Fact]
    public void Advance_FirstBranch_WinsAndStopsTheOthers()
    {
        var run = new EngineRun(Race(Step("a"), Then(Step("b"), Step("c")), Sleep(5)));
        run.Complete("b");
        Assert.Null(run.Outcome);
        run.Elapse("SLEEP");

        Assert.Equal("""{"slept":true,"seconds":5}""", run.Result);
        Assert.Empty(run.Open);
    }

    [Fact]
    public void Advance_LosersOfARace_AreStopped()
    {
        var run = new EngineRun(Then(Race(Step("a"), Join(Step("b"), Sleep(9)), Signal("go")), Step("next")));
        run.Complete("a");

        Assert.Equal(["b@", "SLEEP@", "SIGNAL@"], run.Stopped);
        Assert.Equal(["next"], run.Open);
    }

    [Fact]
    public void Advance_LateLoser_IsIgnored()
    {
        var run = new EngineRun(Then(Race(Step("a"), Step("b").As("x")), Step("SELECT $x")));
        var loser = run.Find("b").Execution;
        run.Complete("a");
        run.Feed(loser, Row(1), null);

        Assert.Empty(run.Commands);
        Assert.Equal(["SELECT $x"], run.Open);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("c")]
    public void Advance_FirstBranchFails_FailsTheRaceWithItsError(string branch)
    {
        var run = new EngineRun(Race(Step("a"), Step("b"), Step("c")));
        run.Fail(branch);

        Assert.Equal("boom", run.Failure.Error.Message);
        Assert.Equal($"{branch}@", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_NamesOfTheWinner_AreVisibleAfterwards()
    {
        var run = new EngineRun(Then(
            Race(Then(Step("a").As("x"), Step("a2")), Then(Step("b").As("y"), Step("b2"))).As("r"), Step("SELECT $x, $y, $r")));
        run.Complete("a", Row(1));
        run.Complete("b", Row(2));
        run.Complete("b2", Row(3));

        Assert.Equal(["SELECT $x, ('2'::pg_catalog.int4) AS \"?column?\", ('3'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Start_BranchThatEndsAtOnce_KeepsTheOthersFromBeginning()
    {
        var run = new EngineRun(Then(Loop(Race(Break("1"), Step("never"))), Step("next")));

        Assert.Equal(["next"], run.Commands);
    }

    [Fact]
    public void Start_LaterBranchThatEndsAtOnce_TakesBackWhatWasNeverAskedFor()
    {
        var run = new EngineRun(Then(Loop(Race(Step("never"), Break("1"))), Step("next")));

        Assert.Equal(["next"], run.Commands);
        Assert.Equal(["next"], run.Open);
    }

    [Fact]
    public void Advance_LosingLoop_GoesRoundNoMore()
    {
        var run = new EngineRun(Then(Race(Loop(Step("body")), Step("a")), Step("next")), minLoopInterval: TimeSpan.Zero);
        run.Complete("body");
        run.Complete("a");

        Assert.Equal(["body@2:2"], run.Stopped);
        Assert.Empty(run.State.Loops);
    }
}

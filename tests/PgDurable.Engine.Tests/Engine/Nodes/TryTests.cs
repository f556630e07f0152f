using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class TryTests
{
    [Fact]
    public void Advance_BodyCompletes_SkipsTheHandler()
    {
        var run = new EngineRun(Then(Try(Step("a"), Step("handler")).As("x"), Step("SELECT $x")));
        run.Complete("a", Row(1));

        Assert.Equal(["SELECT ('1'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_BodyFails_TheHandlerSeesTheError()
    {
        var run = new EngineRun(Try(
            Step("SELECT  1/0").As("quotient"),
            Step("SELECT $error.message, $error.sqlstate, $error.node, $error.step, $error.attempts, $error.detail?")));
        run.Feed(run.Find("SELECT  1/0").Execution, null, new StepError("division by zero", "22012", "why"), 3);

        Assert.Equal(["SELECT 'division by zero', '22012', '00000001', 'quotient', 3, 'why'"], run.Commands);
    }

    [Fact]
    public void Advance_HandlerCompletes_CompletesTheTry()
    {
        var run = new EngineRun(Then(Try(Step("a"), Step("handler").As("h")).As("x"), Step("SELECT $x, $h, $error")));
        run.Fail("a");
        run.Complete("handler", Row(2));

        Assert.Equal(["SELECT ('2'::pg_catalog.int4) AS \"?column?\", ('2'::pg_catalog.int4) AS \"?column?\", $error"], run.Commands);
    }

    [Fact]
    public void Advance_HandlerFails_FailsTheTry()
    {
        var run = new EngineRun(Try(Step("a"), Step("handler")));
        run.Fail("a", "first");
        run.Fail("handler", "second");

        Assert.Equal("second", run.Failure.Error.Message);
        Assert.Equal("handler@", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_FailureInAJoin_IsCaughtWithItsPrefix()
    {
        var run = new EngineRun(Try(Join(Step("a"), Step("b")), Step("SELECT $error.message, $error.step")));
        run.Fail("b");
        run.Complete("a");

        Assert.Equal(["SELECT 'boom', 'b'"], run.Commands);
    }

    [Fact]
    public void Advance_NestedTry_TheInnerHandlerSeesTheInnerError()
    {
        var run = new EngineRun(Try(Try(Step("a"), Fail("again: $error.message")), Step("SELECT $error.message, $error.sqlstate")));
        run.Fail("a", "first");

        Assert.Equal(["SELECT 'again: first', 'DF006'"], run.Commands);
    }

    [Fact]
    public void Advance_BodyCompletes_TheLastPartRuns()
    {
        var run = new EngineRun(Then(Try(Step("a"), Step("handler"), Step("last")).As("x"), Step("SELECT $x")));
        run.Complete("a", Row(1));
        Assert.Equal(["last"], run.Commands);
        run.Complete("last", Row(9));

        Assert.Equal(["SELECT ('1'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_HandlerCompletes_TheLastPartSeesTheError()
    {
        var run = new EngineRun(Try(Step("a"), Step("handler"), Step("SELECT $error.message")));
        run.Fail("a");
        run.Complete("handler", Row(2));
        Assert.Equal(["SELECT 'boom'"], run.Commands);
        run.Complete("SELECT 'boom'");

        Assert.Equal(Row(2).Json, run.Result);
    }

    [Fact]
    public void Advance_HandlerFails_TheLastPartRunsAndTheFailureStays()
    {
        var run = new EngineRun(Try(Step("a"), Step("handler"), Step("last")));
        run.Fail("a", "first");
        run.Fail("handler", "second");
        Assert.Equal(["last"], run.Commands);
        run.Complete("last");

        Assert.Equal("second", run.Failure.Error.Message);
    }

    [Fact]
    public void Advance_LastPartFails_ItsFailureCounts()
    {
        var run = new EngineRun(Try(Step("a"), Step("handler"), Step("last")));
        run.Complete("a");
        run.Fail("last", "third");

        Assert.Equal("third", run.Failure.Error.Message);
    }

    [Fact]
    public void Advance_BreakInTheBody_TheLastPartRunsBeforeTheLoopEnds()
    {
        var run = new EngineRun(Loop(Try(Then(Step("a"), Break("out")), Step("handler"), Step("last"))));
        run.Complete("a");
        Assert.Equal(["last"], run.Commands);
        run.Complete("last");

        Assert.Equal("\"out\"", run.Result);
    }

    [Fact]
    public void Advance_BodyTimesOut_TheHandlerAndTheLastPartRun()
    {
        var run = new EngineRun(Try(Timeout(Step("a"), 5), Step("SELECT $error.sqlstate"), Step("last")));
        run.Elapse("TIMEOUT");
        run.Complete("SELECT 'DF005'", Row(1));
        run.Complete("last");

        Assert.Equal(Row(1).Json, run.Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Advance_NamesOfTheLastPart_AreVisibleAfterwards(bool fails)
    {
        var run = new EngineRun(Then(Try(Step("a"), Step("handler"), Step("last").As("z")), Step("SELECT $z, $error")));
        if (fails)
        {
            run.Fail("a");
            run.Complete("handler");
        }
        else
        {
            run.Complete("a");
        }
        run.Complete("last", Row(9));

        Assert.Equal(["SELECT ('9'::pg_catalog.int4) AS \"?column?\", $error"], run.Commands);
    }

    [Fact]
    public void Advance_LoserOfARace_IsStoppedWithoutItsLastPart()
    {
        var run = new EngineRun(Then(Race(Try(Step("a"), Step("handler"), Step("last")), Step("b")), Step("next")));
        run.Complete("b");

        Assert.Equal(["a@"], run.Stopped);
        Assert.Equal(["next"], run.Open);
    }
}

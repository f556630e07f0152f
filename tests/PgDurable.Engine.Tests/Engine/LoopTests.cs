using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

/// <summary>LOOP and BREAK.</summary>
public class LoopTests
{
    [Fact]
    public void Loop_ConditionTrueThenFalse_EndsWithTheLastBody()
    {
        var run = new EngineRun(Loop(Step("body"), Step("more")));
        run.Complete("body", Row(1)).Complete("more", Row(1)).Complete("body", Row(2)).Complete("more", Row(0));

        Assert.Equal(Row(2), run.Result);
        Assert.Equal(new ExecutionKey(1, "0:2"), Assert.IsType<Outcome.Completed>(run.Outcome).Source);
    }

    [Fact]
    public void Loop_Names_GoOnFromIterationToIteration()
    {
        var run = new EngineRun(Then(Step("s", "i"), Loop(Step("SELECT $i.v", "i"), Step("more"))));
        run.Complete("s", Row(1)).Complete("SELECT ('1'::pg_catalog.int4)", Row(2)).Complete("more");

        Assert.Equal("SELECT ('2'::pg_catalog.int4)", run.Statements);
    }

    [Fact]
    public void Loop_Unconditional_IsPaced()
    {
        var run = new EngineRun(Loop(Step("a"))).Complete("a");

        Assert.Equal(("LOOP", EngineRun.Noon.AddSeconds(1)), (run.Wait.Kind, run.Wait.Until!.Value));
        Assert.Equal("a", run.Elapse().Statements);
    }

    [Fact]
    public void Loop_UnconditionalThatTookLong_IsNotPaced()
    {
        var run = new EngineRun(Loop(Step("a")));
        run.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal("a", run.Complete("a").Statements);
    }

    [Fact]
    public void Loop_UnconditionalWithAWait_IsNotPaced() => Assert.Equal("a", new EngineRun(Loop(Then(Step("a"), Sleep(0)))).Complete("a").Elapse().Statements);

    [Theory]
    [InlineData(0, null)]
    [InlineData(5000, 5)]
    public void Loop_OwnInterval_Counts(int interval, int? pause)
    {
        var run = new EngineRun(Loop(Step("a"), minInterval: interval)).Complete("a");

        Assert.Equal(pause is { } seconds ? EngineRun.Noon.AddSeconds(seconds) : null, run.Open.OfType<Command.Wait>().SingleOrDefault()?.Until);
    }

    [Fact]
    public void Loop_BodyFails_TheInstanceDoes() => Assert.Equal("boom", new EngineRun(Loop(Step("a"))).Fail("a").Error.Message);

    [Fact]
    public void Break_InTheBody_EndsTheInnermostLoopWithItsValue()
    {
        var run = new EngineRun(Loop(Then(Named(Loop(Then(Step("a"), Break("7"))), "inner"), Step("SELECT $inner"))));
        run.Complete("a");

        Assert.Equal("SELECT 7", run.Statements);
    }

    [Fact]
    public void Break_OutsideOfALoop_Fails() => Assert.Equal("DF007", new EngineRun(Break("v")).Error.SqlState);

    [Fact]
    public void Loop_ManyIterations_KeepsABoundedNumberOfRows()
    {
        var run = new EngineRun(Loop(Step("a", "x"), Step("more")));
        for (var i = 0; i < 50; i++) run.Complete("a", Row(i)).Complete("more");

        Assert.InRange(run.Kept.Count, 1, 12);
        var (_, recovered) = run.Recover(run.Kept);
        Assert.Equal(EngineRun.Describe(run.Open, null), EngineRun.Describe(recovered.Commands, recovered.Outcome));
    }

    [Fact]
    public void Loop_UndosOfAllIterations_RunInReverse()
    {
        var run = new EngineRun(Then(Loop(Undo(Step("a", "x"), Step("undo $x.v")), Step("more")), Fail("no")));
        run.Complete("a", Row(1)).Complete("more", Row(1)).Complete("a", Row(2)).Complete("more", Row(0));

        Assert.Equal("undo ('2'::pg_catalog.int4)", run.Statements);
        Assert.Equal("undo ('1'::pg_catalog.int4)", run.Complete(run.Statements).Statements);
        Assert.Equal("no", run.Complete(run.Statements).Error.Message);
    }
}

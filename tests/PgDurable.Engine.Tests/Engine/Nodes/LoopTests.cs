using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public partial class LoopTests
{
    [Fact]
    public void Advance_ConditionTrue_GoesRoundAgain()
    {
        var run = new EngineRun(Loop(Step("body"), Step("cond")));
        run.Complete("body", Row(1));
        Assert.Equal(["cond"], run.Commands);
        run.Complete("cond", Bool(true));
        Assert.Equal(["body"], run.Commands);
        Assert.Equal("0:2", run.Find("body").Execution.Path);
        run.Complete("body", Row(2));
        run.Complete("cond", Bool(false));

        Assert.Equal(Row(2).Json, run.Result);
        Assert.Equal(new ExecutionKey(1, "0:2"), run.Source);
    }

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
    public void Advance_NothingHappensInTheBody_ComesBackAsAnInput()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Loop(ForEach("x", Step("item")))), minLoopInterval: TimeSpan.Zero);
        run.Complete("a", Rows());

        Assert.Equal(["LOOP"], run.Commands);
        Assert.Equal(TimeSpan.Zero, run.Pause("LOOP"));
    }

    [Fact]
    public void Advance_NamesBoundInTheBody_ArePassedOnAndVisibleAfterwards()
    {
        var run = new EngineRun(Then(
            Step("init").As("x"), Loop(Step("SELECT $x + 1").As("x"), Step("cond")).As("r"), Step("SELECT $x, $r")));
        run.Complete("init", Row(1));
        run.Complete("SELECT ('1'::pg_catalog.int4) + 1", Row(2));
        run.Complete("cond", Bool(true));
        Assert.Equal(["SELECT ('2'::pg_catalog.int4) + 1"], run.Commands);
        run.Complete("SELECT ('2'::pg_catalog.int4) + 1", Row(3));
        run.Complete("cond", Bool(false));

        Assert.Equal(["SELECT ('3'::pg_catalog.int4) AS \"?column?\", ('3'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_EndOfAnIteration_CarriesNamesResultAndMoment()
    {
        var run = new EngineRun(Loop(Step("body").As("x"), Step("cond")));
        run.Complete("body", Row(7));
        run.Now += TimeSpan.FromSeconds(2);
        run.Complete("cond", Bool(true));

        var carry = Assert.Single(run.Carries);
        Assert.Equal((new ExecutionKey(0, "0:1"), 1, 2, null), (carry.Iteration, carry.FirstNode, carry.LastNode, carry.DropPath));
        using var state = System.Text.Json.JsonDocument.Parse(carry.State.Json);
        Assert.Equal(1, state.RootElement.GetProperty("iteration").GetInt32());
        Assert.Equal(EngineRun.Began.AddSeconds(2), state.RootElement.GetProperty("at").GetDateTimeOffset());
        Assert.Equal(Row(7).Json, state.RootElement.GetProperty("result").GetRawText());
        Assert.Equal(Row(7).Json, state.RootElement.GetProperty("names").GetProperty("x").GetProperty("result").GetRawText());
        Assert.Equal(
            """[["v","pg_catalog.int4"]]""", state.RootElement.GetProperty("names").GetProperty("x").GetProperty("columns").GetRawText());
    }

    [Fact]
    public void Advance_ManyIterations_CarriesOnlyWhatIsBoundNow()
    {
        var run = new EngineRun(Then(Step("big").As("before"), Loop(Step("body").As("x"), Step("cond"))));
        run.Complete("big", Row(1));
        var sizes = new List<int>();
        for (var i = 0; i < 30; i++)
        {
            run.Complete("body", Row(7));
            run.Complete("cond", Bool(true));
            sizes.Add(run.Carries.Single().State.Json.Length);
        }

        Assert.DoesNotContain("before", run.Carries.Single().State.Json, StringComparison.Ordinal);
        Assert.InRange(sizes[^1], sizes[0], sizes[0] + 2);
    }

    [Fact]
    public void Advance_EleventhIteration_DropsTheFirstCarry()
    {
        var run = new EngineRun(Loop(Step("body"), Step("cond")));
        var dropped = new List<string?>();
        for (var i = 0; i < 12; i++)
        {
            run.Complete("body");
            run.Complete("cond", Bool(true));
            dropped.Add(run.Carries.Single().DropPath);
        }

        Assert.Equal([.. Enumerable.Repeat<string?>(null, 10), "0:1", "0:2"], dropped);
    }

    [Fact]
    public void Advance_FailedBody_FailsTheLoop()
    {
        var run = new EngineRun(Loop(Step("body"), Step("cond")));
        run.Complete("body");
        run.Complete("cond", Bool(true));
        run.Fail("body", "boom");

        Assert.Equal("boom", run.Failure.Error.Message);
        Assert.Equal("body@0:2", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_FailedCondition_FailsTheLoop()
    {
        var run = new EngineRun(Loop(Step("body"), Step("cond")));
        run.Complete("body");
        run.Fail("cond", "boom");

        Assert.Equal("cond@0:1", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_InnerLoop_BeginsAnewInEachOuterIteration()
    {
        var run = new EngineRun(Loop(Loop(Step("body"), Step("inner")), Step("outer")));
        run.Complete("body");
        run.Complete("inner", Bool(true));
        Assert.Equal("0:1/1:2", run.Find("body").Execution.Path);
        run.Complete("body");
        run.Complete("inner", Bool(false));
        run.Complete("outer", Bool(true));

        Assert.Equal("0:2/1:1", run.Find("body").Execution.Path);
    }
}

using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class BreakTests
{
    [Theory]
    [InlineData(null, "null")]
    [InlineData("done", "\"done\"")]
    [InlineData("42", "42")]
    [InlineData("""{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("", "\"\"")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    public void Advance_BreakValue_IsJsonOrAString(string? value, string expected) =>
        Assert.Equal(expected, new EngineRun(Loop(Break(value))).Result);

    [Fact]
    public void Advance_BreakValue_IsSubstituted()
    {
        var run = new EngineRun(Loop(Then(Step("a").As("x"), Break("""{"v":$x,"who":"{name}"}"""))), variables: ("name", "Ann"));
        run.Complete("a", Row(5));

        Assert.Equal("""{"v":5,"who":"Ann"}""", run.Result);
        Assert.Null(run.Source);
    }

    [Fact]
    public void Advance_BreakValueWithoutValue_IsRefused()
    {
        var run = new EngineRun(Loop(Then(Step("a").As("x"), Break("$x"))));
        run.Complete("a", Rows());

        Assert.Equal("22004", run.Failure.Error.SqlState);
        Assert.Equal("BREAK@0:1", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_DeeplyNestedJsonAsBreakValue_StaysJson()
    {
        var deep = new string('[', 100) + new string(']', 100);
        var run = new EngineRun(Loop(Then(Step("a").As("x"), Break("$x"))));
        run.Complete("a", Json(deep));

        Assert.Equal(deep, run.Result);
    }

    [Fact]
    public void Advance_BreakInNestedLoop_EndsTheInnerOneOnly()
    {
        var run = new EngineRun(Loop(Then(Loop(Then(Step("a"), Break("1"))).As("x"), Step("SELECT $x")), Step("cond")));
        run.Complete("a");
        Assert.Equal(["SELECT 1"], run.Commands);
        run.Complete("SELECT 1");

        Assert.Equal(["cond"], run.Commands);
    }

    [Fact]
    public void Advance_BreakInAJoin_WaitsForAllBranches()
    {
        var run =
            new EngineRun(Then(Loop(Join(Then(Step("a").As("x"), Break("out")), Step("b"), Step("c").As("z"))), Step("SELECT $x, $z")));
        run.Complete("a", Row(1));
        Assert.Empty(run.Commands);
        run.Complete("b");
        run.Complete("c");

        Assert.Equal(["SELECT ('1'::pg_catalog.int4) AS \"?column?\", $z"], run.Commands);
    }

    [Fact]
    public void Advance_EarlierBranchBreaksAndLaterOneFails_Breaks()
    {
        var run = new EngineRun(Loop(Join(Then(Step("a"), Break("out")), Step("b"))));
        run.Fail("b");
        run.Complete("a");

        Assert.Equal("\"out\"", run.Result);
    }

    [Fact]
    public void Advance_EarlierBranchFailsAndLaterOneBreaks_Fails()
    {
        var run = new EngineRun(Loop(Join(Step("a"), Then(Step("b"), Break("out")))));
        run.Complete("b");
        run.Fail("a");

        Assert.Equal("boom", run.Failure.Error.Message);
    }

    [Fact]
    public void Advance_BreakInARace_StopsTheLoserAndEndsTheLoop()
    {
        var run = new EngineRun(Loop(Race(Step("a"), Then(Step("b"), Break("out")))));
        run.Complete("b");

        Assert.Equal("\"out\"", run.Result);
    }

    [Fact]
    public void Advance_BreakInEveryWrapper_GoesThrough()
    {
        var body = Then(Step("a"), Break("out"));
        var run = new EngineRun(
            Then(Loop(Retry(Timeout(Try(Undo(If(Step("cond"), body, Step("no")), Step("undo")), Step("handler")), 5))), Step("next")));
        run.Complete("cond", Bool(true));
        run.Complete("a");

        Assert.Equal(["next"], run.Open);
        Assert.Equal(["next"], run.Commands);
        Assert.Equal(["TIMEOUT@1:1/2:1"], run.Stopped);
    }

    [Fact]
    public void Advance_BreakInForEach_WaitsForRunningItemsAndBeginsNoMore()
    {
        var run = new EngineRun(
            Then(
                Step("rows").As("r"),
                Loop(ForEach("r", If(Step("SELECT $item.v"), Break("out"), Step("no")), maxParallel: 2)),
                Step("next")));
        run.Complete("rows", Rows(1, 2, 3));
        run.Complete("SELECT ('1'::pg_catalog.int4) AS \"?column?\"", Bool(true));
        Assert.Empty(run.Commands);
        run.Complete("SELECT ('2'::pg_catalog.int4) AS \"?column?\"", Bool(false));
        run.Complete("no");

        Assert.Equal(["next"], run.Commands);
    }

    [Fact]
    public void Advance_BreakOutsideOfALoop_FailsTheInstance()
    {
        var run = new EngineRun(Then(Step("a"), Break("1")));
        run.Complete("a");

        Assert.Equal("DF007", run.Failure.Error.SqlState);
        Assert.StartsWith("df.break() was called outside of a loop.", run.Failure.Error.Message, StringComparison.Ordinal);
        Assert.Empty(run.FailedSteps);
    }

    [Fact]
    public void Advance_BreakOutsideOfALoop_TakesCompletedStepsBack()
    {
        var run = new EngineRun(Then(Undo(Step("a"), Step("undo a")), Break("1")));
        run.Complete("a");
        Assert.Equal(["undo a"], run.Commands);
        run.Complete("undo a");

        Assert.Equal("DF007", run.Failure.Error.SqlState);
    }
}

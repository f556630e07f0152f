using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class ForEachTests
{
    private static EngineRun Over(string foreachNode, StepResult rows)
    {
        var run = new EngineRun(Then(Step("rows").As("r"), foreachNode));
        run.Complete("rows", rows);
        return run;
    }

    [Fact]
    public void Advance_Rows_TheBodyOnceForEach()
    {
        var run = Over(ForEach("r", Step("SELECT $item.v")), Rows(1, 2));
        Assert.Equal(["SELECT ('1'::pg_catalog.int4) AS \"?column?\"", "SELECT ('2'::pg_catalog.int4) AS \"?column?\""], run.Commands);
        Assert.Equal(["2:0", "2:1"], run.State.InFlight.Keys.Select(key => key.Path));
        run.Complete("SELECT ('2'::pg_catalog.int4) AS \"?column?\"", Json("20"));
        run.Complete("SELECT ('1'::pg_catalog.int4) AS \"?column?\"", Json("10"));

        Assert.Equal("[10,20]", run.Result);
        Assert.Null(run.Source);
    }

    [Fact]
    public void Advance_MaxParallel_BeginsTheNextWhenOneEnds()
    {
        var run = Over(ForEach("r", Step("SELECT $item"), maxParallel: 2), Json("[1,2,3,4]"));
        Assert.Equal(["SELECT 1", "SELECT 2"], run.Commands);
        run.Complete("SELECT 2");
        Assert.Equal(["SELECT 3"], run.Commands);
        run.Complete("SELECT 3");
        Assert.Equal(["SELECT 4"], run.Commands);

        Assert.Equal(["SELECT 1", "SELECT 4"], run.Open);
    }

    [Fact]
    public void Advance_WithoutMaxParallel_BeginsTen() =>
        Assert.Equal(10, Over(ForEach("r", Step("SELECT $item")), Rows([.. Enumerable.Range(0, 25)])).Commands.Count);

    [Fact]
    public void Advance_NoRows_CompletesAtOnce()
    {
        var run = Over(ForEach("r", Step("SELECT $item")), Rows());

        Assert.Empty(run.Commands);
        Assert.Equal("[]", run.Result);
    }

    [Fact]
    public void Advance_JsonArray_ItemsAreItsValues()
    {
        var run = Over(ForEach("r", Step("SELECT $it.a"), itemName: "it"), Json("""[{"a":1},{"a":"x"}]"""));

        Assert.Equal(["SELECT 1", "SELECT 'x'"], run.Commands);
    }

    [Fact]
    public void Advance_Input_IsAListToo() => Assert.Equal(
        ["SELECT 5"], new EngineRun(ForEach("input", Step("SELECT $item")), "[5]").Commands);

    [Fact]
    public void Advance_FailedItem_WaitsForTheRunningOnesAndBeginsNoMore()
    {
        var run = Over(ForEach("r", Step("SELECT $item"), maxParallel: 2), Json("[1,2,3]"));
        run.Fail("SELECT 2", "boom", "22012");
        Assert.Equal(["SELECT 1"], run.Open);
        run.Complete("SELECT 1");

        Assert.Equal(new StepError("FOREACH item 1 failed: boom", "22012"), run.Failure.Error);
        Assert.Equal("SELECT $item@2:1", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_TwoFailedItems_ReportsTheFirstAndRetriesBoth()
    {
        var run = Over(ForEach("r", Step("SELECT $item")), Json("[1,2]"));
        run.Fail("SELECT 2", "second");
        run.Fail("SELECT 1", "first");

        Assert.Equal("FOREACH item 0 failed: first", run.Failure.Error.Message);
        Assert.Equal(["SELECT $item@2:0", "SELECT $item@2:1"], run.FailedSteps);
    }

    [Fact]
    public void Advance_NamesOfItems_AreTheirOwn()
    {
        var run = new EngineRun(Then(
            Step("rows").As("r"), ForEach("r", Then(Step("a $item").As("x"), Step("b $x")), maxParallel: 1).As("all"),
            Step("SELECT $x, $item, $all")));
        run.Complete("rows", Json("[1,2]"));
        run.Complete("a 1", Json("10"));
        run.Complete("b 10", Json("100"));
        run.Complete("a 2", Json("20"));
        run.Complete("b 20", Json("200"));

        Assert.Equal(["SELECT $x, $item, ('[100,200]'::pg_catalog.jsonb) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_Nested_PathsNameBothItems()
    {
        var run = Over(ForEach("r", ForEach("item", Step("SELECT $inner"), itemName: "inner")), Json("[[1],[2,3]]"));

        Assert.Equal(["2:0/3:0", "2:1/3:0", "2:1/3:1"], run.State.InFlight.Keys.Select(key => key.Path));
    }

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("7")]
    [InlineData("null")]
    public void Advance_NoList_IsRefused(string json)
    {
        var run = Over(ForEach("r", Step("a")), Json(json));

        Assert.Equal(new StepError("df.foreach: result 'r' is neither a row set nor a JSON array", "DF012"), run.Failure.Error);
    }

    [Fact]
    public void Start_UnboundName_IsRefused()
    {
        var run = new EngineRun(ForEach("nothing", Step("a")));

        Assert.Equal(("DF012", "df.foreach: result 'nothing' not found"), (run.Failure.Error.SqlState, run.Failure.Error.Message));
    }

    [Fact]
    public void Advance_LoserOfARace_StopsAllItems()
    {
        var run =
            new EngineRun(Then(Step("rows").As("r"), Race(ForEach("r", Step("SELECT $item"), maxParallel: 2), Step("b")), Step("next")));
        run.Complete("rows", Json("[1,2,3]"));
        run.Complete("b");

        Assert.Equal(["SELECT $item@4:0", "SELECT $item@4:1"], run.Stopped);
        Assert.Equal(["next"], run.Open);
    }

    [Fact]
    public void Advance_ItemsWithNothingToDo_EndTheWholeListAtOnce()
    {
        var run = Over(ForEach("r", ForEach("item", Step("never"))), Json($"[{string.Join(',', Enumerable.Repeat("[]", 5000))}]"));

        Assert.StartsWith("[[],[],", run.Result, StringComparison.Ordinal);
    }
}

using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

/// <summary>IF, JOIN, RACE and FOREACH.</summary>
public class BranchTests
{
    [Theory]
    [InlineData("""{"rows":[{"v":true}],"row_count":1}""", "yes")]
    [InlineData("""{"rows":[{"v":false}],"row_count":1}""", "no")]
    [InlineData("""{"rows":[{"v":null}],"row_count":1}""", "no")]
    [InlineData("""{"rows":[],"row_count":0}""", "no")]
    [InlineData("""{"rows":[{"v":"f"}],"row_count":1}""", "no")]
    [InlineData("""{"rows":[{"v":0}],"row_count":1}""", "no")]
    [InlineData("""{"rows":[{"v":"0.0"}],"row_count":1}""", "no")]
    [InlineData("""{"rows":[{"v":"no"}],"row_count":1}""", "no")]
    [InlineData("""{"rows":[{"v":"anything"}],"row_count":1}""", "yes")]
    [InlineData("""{"rows":[{"v":-2}],"row_count":1}""", "yes")]
    public void If_Condition_DecidesAsTheFirstColumnSays(string condition, string expected) =>
        Assert.Equal(expected, new EngineRun(If(Step("c"), Step("yes"), Step("no"))).Complete("c", new StepResult(condition, null)).Statements);

    [Fact]
    public void If_ConditionFails_TheInstanceDoes()
    {
        var run = new EngineRun(If(Step("c"), Step("yes"), Step("no"))).Fail("c");

        Assert.Equal("boom", run.Error.Message);
    }

    [Theory]
    [InlineData(new int[0], "no")]
    [InlineData(new[] { 0 }, "yes")]
    public void IfRows_RowsDecideAndNotTheirValues(int[] rows, string expected) =>
        Assert.Equal(expected, new EngineRun(Then(Step("q", "r"), IfRows("r", Step("yes"), Step("no")))).Complete("q", Rows(rows)).Statements);

    [Fact]
    public void IfRows_UnknownName_Fails() => Assert.Contains("nowhere", new EngineRun(IfRows("nowhere", Step("a"), Step("b"))).Error.Message, StringComparison.Ordinal);

    [Fact]
    public void Join_AllBranches_ResultIsAnArrayInBranchOrder()
    {
        var run = new EngineRun(Join(Step("a"), Step("b"), Step("c")));
        Assert.Equal("a | b | c", run.Statements);
        run.Complete("c", Row(3)).Complete("a", Row(1));
        Assert.Null(run.Outcome);
        run.Complete("b", Row(2));

        Assert.Equal($"[{Row(1).Json},{Row(2).Json},{Row(3).Json}]", run.Result.Json);
    }

    [Fact]
    public void Join_OneBranchFails_WaitsForTheOthersAndNamesTheBranch()
    {
        var run = new EngineRun(Join(Step("a"), Step("b"))).Fail("b");
        Assert.Null(run.Outcome);
        run.Complete("a");

        Assert.Equal("JOIN branch 2 failed: boom", run.Error.Message);
        Assert.Equal("22012", run.Error.SqlState);
    }

    [Fact]
    public void Join_TwoBranchesFail_BothAreRetriedAndTheFirstIsReported()
    {
        var run = new EngineRun(Join(Step("a"), Step("b"))).Fail("b", message: "second").Fail("a", message: "first");

        Assert.Equal("JOIN branch 1 failed: first", run.Error.Message);
        Assert.Equal(2, Assert.IsType<Outcome.Failed>(run.Outcome).FailedSteps.Length);
    }

    [Fact]
    public void Join_NamesOfBranches_MergeAndOnlyWhatABranchBound()
    {
        var run = new EngineRun(Sequence(Step("s", "x"), Join(Step("a", "x"), Step("b", "y"), Step("SELECT $x.v")), Step("SELECT $x.v, $y.v")));
        run.Complete("s", Row(1));
        Assert.Equal("a | b | SELECT ('1'::pg_catalog.int4)", run.Statements);
        run.Complete("a", Row(2)).Complete("b", Row(3)).Complete("SELECT ('1'::pg_catalog.int4)");

        Assert.Equal("SELECT ('2'::pg_catalog.int4), ('3'::pg_catalog.int4)", run.Statements);
    }

    [Fact]
    public void Race_FirstToEnd_WinsAndTheOthersAreStopped()
    {
        var run = new EngineRun(Then(Race(Step("a"), Sleep(60), Then(Step("c"), Step("d"))), Step("after"))).Complete("c").Complete("a", Row(9));

        Assert.Equal("after", run.Statements);
        Assert.Equal(["WAIT", "d"], run.Stopped.Select(stopped => stopped is Command.RunSql sql ? sql.Sql : "WAIT").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Race_FirstToEndFails_TheRaceDoes()
    {
        var run = new EngineRun(Race(Step("a"), Step("b"))).Fail("b");

        Assert.Equal("RACE right branch failed: boom", run.Error.Message);
    }

    [Fact]
    public void Race_NamesOfTheWinnerOnly_GoOn()
    {
        var run = new EngineRun(Then(Race(Then(Step("a", "x"), Sleep(9)), Step("b", "y")), Step("SELECT $x.v, $y.v"))).Complete("a").Complete("b", Row(2));

        Assert.Equal("SELECT $x.v, ('2'::pg_catalog.int4)", run.Statements);
    }

    [Fact]
    public void ForEach_Rows_RunSideBySideUpToTheLimitAndResultsAreInRowOrder()
    {
        var run = new EngineRun(Then(Step("q", "r"), ForEach("r", Step("SELECT $item.v"), parallel: 2))).Complete("q", Rows(10, 20, 30));
        Assert.Equal(2, run.Open.Count);
        foreach (var i in (int[])[1, 2, 0]) run.Complete(run.Open.Single(open => open.Execution.Path == $"2:{i}"), Row(i));

        Assert.Equal($"[{Row(0).Json},{Row(1).Json},{Row(2).Json}]", run.Result.Json);
    }

    [Fact]
    public void ForEach_NoLimitGiven_IsTen() =>
        Assert.Equal(10, new EngineRun(Then(Step("q", "r"), ForEach("r", Step("a")))).Complete("q", Rows([.. Enumerable.Range(0, 12)])).Open.Count);

    [Fact]
    public void ForEach_NoRows_CompletesWithNothing() =>
        Assert.Equal("[]", new EngineRun(Then(Step("q", "r"), ForEach("r", Step("a")))).Complete("q", Rows()).Result.Json);

    [Fact]
    public void ForEach_AnItemFails_NoFurtherOneBeginsAndTheErrorNamesIt()
    {
        var run = new EngineRun(Then(Step("q", "r"), ForEach("r", Step("a $item.v"), parallel: 2))).Complete("q", Rows(1, 2, 3, 4));
        run.Fail("a ('2'::pg_catalog.int4)").Complete("a ('1'::pg_catalog.int4)");

        Assert.Equal("FOREACH item 1 failed: boom", run.Error.Message);
    }

    [Fact]
    public void ForEach_OfAnArray_TakesItsItems()
    {
        var run = new EngineRun(Then(Named(Join(Step("a"), Step("b")), "pair"), ForEach("pair", Step("SELECT $item.v")))).Complete("a", Row(1)).Complete("b", Row(2));

        Assert.Equal("SELECT 1 | SELECT 2", run.Statements);
    }

    [Theory]
    [InlineData("nowhere", "not found")]
    [InlineData("s", "neither a row set nor a JSON array")]
    public void ForEach_NoRowSet_Fails(string name, string expected)
    {
        var run = new EngineRun(Then(Named(Signal("go"), "s"), ForEach(name, Step("a")))).Signal("go");

        Assert.Contains(expected, run.Error.Message, StringComparison.Ordinal);
        Assert.Equal("DF012", run.Error.SqlState);
    }
}

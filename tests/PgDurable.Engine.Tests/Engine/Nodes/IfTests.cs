using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class IfTests
{
    [Theory]
    [InlineData(true, "then")]
    [InlineData(false, "else")]
    public void Advance_Condition_TakesOneArm(bool condition, string arm)
    {
        var run = new EngineRun(If(Step("cond"), Step("then"), Step("else")));
        run.Complete("cond", Bool(condition));

        Assert.Equal([arm], run.Commands);
        run.Complete(arm, Row(7));
        Assert.Equal(Row(7).Json, run.Result);
        Assert.NotNull(run.Source);
    }

    [Fact]
    public void Advance_NameOnIf_BindsTheArmsResult()
    {
        var run = new EngineRun(Then(If(Step("cond"), Step("then"), Step("else")).As("x"), Step("SELECT $x")));
        run.Complete("cond", Bool(true));
        run.Complete("then", Row(7));

        Assert.Equal(["SELECT ('7'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_NamesInConditionAndArm_AreVisibleAfterwards()
    {
        var run = new EngineRun(Then(If(Step("cond").As("c"), Step("SELECT $c").As("t"), Step("else")), Step("SELECT $c, $t")));
        run.Complete("cond", Row(1));
        run.Complete("SELECT ('1'::pg_catalog.int4) AS \"?column?\"", Row(2));

        Assert.Equal(["SELECT ('1'::pg_catalog.int4) AS \"?column?\", ('2'::pg_catalog.int4) AS \"?column?\""], run.Commands);
    }

    [Fact]
    public void Advance_FailedCondition_FailsTheIf()
    {
        var run = new EngineRun(If(Step("cond"), Step("then"), Step("else")));
        run.Fail("cond", "no");

        Assert.Empty(run.Commands);
        Assert.Equal("no", run.Failure.Error.Message);
    }

    [Fact]
    public void Advance_BreakInCondition_EndsTheLoop()
    {
        var run = new EngineRun(Loop(If(Break("out"), Step("then"), Step("else"))));

        Assert.Equal("\"out\"", run.Result);
    }

    [Theory]
    [InlineData(2, "some")]
    [InlineData(0, "none")]
    public void Advance_IfRows_LooksAtTheNamedResult(int rows, string arm)
    {
        var run = new EngineRun(Then(Step("a").As("x"), IfRows("x", Step("some"), Step("none"))));
        run.Complete("a", Rows([.. Enumerable.Range(0, rows)]));

        Assert.Equal([arm], run.Commands);
    }

    [Fact]
    public void Advance_IfRowsOnUnboundName_IsRefused()
    {
        var run = new EngineRun(IfRows("x", Step("some"), Step("none")));

        Assert.Equal(("DF012", "df.if_rows: result 'x' not found"), (run.Failure.Error.SqlState, run.Failure.Error.Message));
        Assert.Equal("IF@", Assert.Single(run.FailedSteps));
    }

    [Theory]
    [InlineData("""{"slept":true}""")]
    [InlineData("""{"row_count":"many"}""")]
    [InlineData("[1]")]
    public void Advance_IfRowsOnOtherResult_IsRefused(string json)
    {
        var run = new EngineRun(Then(Step("a").As("x"), IfRows("x", Step("some"), Step("none"))));
        run.Complete("a", Json(json));

        Assert.Equal("df.if_rows: result 'x' is not a SQL result (missing row_count)", run.Failure.Error.Message);
    }
}

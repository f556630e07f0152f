using System.Text.Json.Nodes;

namespace PgDurable.Testing.Tests.Replay;

public sealed class WorkflowReplayTests
{
    static readonly DfNode Graph = Df.Sql("SELECT total FROM orders WHERE id = $input.id").As("order")
        .Then(Df.WaitForSignal("go", 86400).As("go"))
        .Then(Df.If("SELECT $go.timed_out", "UPDATE orders SET late = true", Df.Sql("UPDATE orders SET done = $order.total")))
        .Then(Df.Sleep(60));

    static async Task<string> RecordAsync(DfNode? graph = null) => (await WorkflowTest.For(graph ?? Graph, """{"id":7}""")
        .Sql(step => step.Name == "order" ? new { total = 5m } : null).AnswerWrites().SignalAfter(TimeSpan.FromHours(2), "go").RunAsync())
            .ShouldComplete().History;

    [Fact]
    public async Task Check_SameGraph_IsCompatible()
    {
        var report = WorkflowReplay.Check(Graph, await RecordAsync());

        Assert.True(report.Compatible, report.Explanation);
    }

    [Theory]
    [InlineData("SELECT total FROM orders", "SELECT sum(total) AS total FROM orders", 3, "the statement has changed")]
    [InlineData("UPDATE orders SET done", "UPDATE orders SET finished", 7, "the statement has changed")]
    [InlineData("\\\"timeout_seconds\\\":86400", "\\\"timeout_seconds\\\":3600", 4, "which is too late now")]
    [InlineData("\\\"signal_name\\\":\\\"go\\\"", "\\\"signal_name\\\":\\\"start\\\"", 4, "has changed")]
    [InlineData("\"query\":\"60\"", "\"query\":\"61\"", 9, "now waits until 2026-01-01 02:01:01")]
    public async Task Check_ChangedNode_SaysWhichAndWhy(string old, string @new, int node, string why)
    {
        DfNode changed = Graph.ToJson().Replace(old, @new, StringComparison.Ordinal);

        var report = WorkflowReplay.Check(changed, await RecordAsync());

        Assert.False(report.Compatible);
        Assert.Contains(why, report.Explanation);
        Assert.Equal(node, report.Node);
    }

    [Theory]
    [InlineData("charge-card", "charge-it")]
    [InlineData("\\\"queue\\\":null", "\\\"queue\\\":\\\"slow\\\"")]
    [InlineData("$order.total", "$order.net")]
    public async Task Check_ChangedActivity_SaysWhichAndWhy(string old, string @new)
    {
        var graph = Df.Sql("SELECT total, net FROM orders").As("order")
            .Then(Df.Activity("charge-card", JsonNode.Parse("""{"total":"$order.total"}""")).As("receipt"))
            .Then("SELECT $receipt.id AS id");
        var result = await WorkflowTest.For(graph).Rows("order", new { total = 5, net = 4 })
            .Answer("charge-card", _ => new { id = "r-1" }).RunAsync();
        var history = result.ShouldComplete().History;
        DfNode changed = graph.ToJson().Replace(old, @new, StringComparison.Ordinal);

        Assert.True(WorkflowReplay.Check(graph, history).Compatible);
        var report = WorkflowReplay.Check(changed, history);
        Assert.False(report.Compatible);
        Assert.Contains("the activity has changed", report.Explanation, StringComparison.Ordinal);
        Assert.Equal(3, report.Node);
        var step = WorkflowReplay.Steps(history)[1];
        Assert.Equal(("receipt", """{"id":"r-1"}"""), (step.Name, step.ResultJson));
    }

    [Fact]
    public async Task Check_BranchThatWasNotTaken_MayChange()
    {
        DfNode changed = Graph.ToJson().Replace("UPDATE orders SET late = true", "DELETE FROM orders", StringComparison.Ordinal);

        Assert.True(WorkflowReplay.Check(changed, await RecordAsync()).Compatible);
    }

    [Fact]
    public async Task Check_BranchThatWasNotTakenGrows_MayChange()
    {
        DfNode late = "UPDATE orders SET late = true";
        DfNode changed = Graph.ToJson().Replace(late.ToJson(), late.Then("DELETE FROM orders").ToJson(), StringComparison.Ordinal);

        Assert.NotEqual(Graph.ToJson(), changed.ToJson());
        Assert.True(WorkflowReplay.Check(changed, await RecordAsync()).Compatible);
    }

    [Fact]
    public async Task Check_NodeAdded_IsNamed()
    {
        var history = await RecordAsync(Df.Sql("SELECT 1 AS a").As("a").Then(Df.Sql("SELECT 2 AS b").As("b")));

        var inside = WorkflowReplay
            .Check(Df.Sql("SELECT 1 AS a").As("a").Then(Df.Sql("SELECT 9 AS x").As("x")).Then(Df.Sql("SELECT 2 AS b").As("b")), history);
        var behind = WorkflowReplay
            .Check(Df.Sql("SELECT 1 AS a").As("a").Then(Df.Sql("SELECT 2 AS b").As("b")).Then(Df.Sql("SELECT 9 AS x").As("x")), history);

        Assert.Contains("'x' is added before node 2 'b'", inside.Explanation);
        Assert.Contains("'x' is added", behind.Explanation);
    }

    [Fact]
    public async Task Check_NodeMissing_IsNamed()
    {
        var history = await RecordAsync(
            Df.Sql("SELECT 1 AS a").As("a").Then(Df.Sql("SELECT 9 AS x").As("x")).Then(Df.Sql("SELECT 2 AS b").As("b")));

        Assert.Contains("'x' is missing", WorkflowReplay
            .Check(Df.Sql("SELECT 1 AS a").As("a").Then(Df.Sql("SELECT 2 AS b").As("b")), history).Explanation);
        Assert.Contains("'x' is missing", WorkflowReplay.Check(Df.Sql("SELECT 1 AS a").As("a"), history).Explanation);
    }

    [Fact]
    public async Task Check_OtherOrder_IsSaid()
    {
        var history = await RecordAsync(Df.Sql("SELECT 1 AS a").As("a").Then(Df.Sql("SELECT 2 AS b").As("b")));

        Assert.Contains("the order differs", WorkflowReplay
            .Check(Df.Sql("SELECT 2 AS b").As("b").Then(Df.Sql("SELECT 1 AS a").As("a")), history).Explanation);
    }

    [Fact]
    public async Task Check_OtherKind_IsSaid()
    {
        var history = await RecordAsync(Df.Sql("SELECT 1 AS a").As("a").Then(Df.Sql("SELECT 2 AS b")));

        Assert.Contains("was SQL, but is now SLEEP", WorkflowReplay
            .Check(Df.Sql("SELECT 1 AS a").As("a").Then(Df.Sleep(5)), history).Explanation);
    }

    [Fact]
    public async Task Check_Definition_OfASample()
    {
        var result = await WorkflowTest.For<OrderApproval, OrderApproval.Input, OrderApproval.Decision>(new(OrderId: 1))
            .Rows("order", new OrderApproval.Order(1, 99.5m, Note: null))
            .Sql(step => step.Sql.Contains("'approved'") ? new OrderApproval.Decision("approved") : null)
            .SignalAfter(TimeSpan.FromHours(2), "approval", new OrderApproval.Approval(true, "jane"))
            .RunAsync();

        var report = WorkflowReplay.Check(OrderApproval.Definition, result.History);
        Assert.True(report.Compatible, report.Explanation);
        Assert.False(WorkflowReplay.Check(DailyTotals.Definition, result.History).Compatible);
    }

    [Fact]
    public async Task Check_LoopWithManyRounds_FollowsWhatIsLeftOfThem()
    {
        var n = 0;
        DfNode graph = Df.Loop(Df.Sql("SELECT n FROM t").As("n").Then("INSERT INTO log VALUES ($n)"), "SELECT $n < 30");
        var history = (await WorkflowTest.For(graph).Rows("n", _ => ++n).AnswerWrites().RunAsync()).ShouldComplete().History;

        Assert.True(WorkflowReplay.Check(graph, history).Compatible);
        DfNode changed = graph.ToJson().Replace("INSERT INTO log VALUES ($n)", "INSERT INTO log VALUES ($n, 1)", StringComparison.Ordinal);
        Assert.False(WorkflowReplay.Check(changed, history).Compatible);
    }

    [Fact]
    public async Task Check_InstanceStillWaiting_ComparesWhatItWaitsFor()
    {
        var history = (await WorkflowTest.For(Df.Sql("SELECT 1 AS a").As("a").Then(Df.WaitForSignal("go"))).RunAsync()).History;

        Assert.True(WorkflowReplay.Check(Df.Sql("SELECT 1 AS a").As("a").Then(Df.WaitForSignal("go")), history).Compatible);
        Assert.False(WorkflowReplay.Check(Df.Sql("SELECT 1 AS a").As("a").Then(Df.WaitForSignal("stop")), history).Compatible);
        Assert.False(WorkflowReplay.Check(Df.Sql("SELECT 1 AS a").As("a"), history).Compatible);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("""{"format":2}""")]
    public void Check_NoHistory_SaysSo(string json) => Assert.Throws<FormatException>(() => WorkflowReplay.Check(Graph, json));

    [Fact]
    public async Task Steps_History_ShowsWhatEachSaw()
    {
        var steps = WorkflowReplay.Steps(await RecordAsync());

        Assert.Equal(["order", "go", "SELECT $go.timed_out", "UPDATE orders SET done = $order.total", "SLEEP"], steps
            .Select(step => step.Name));
        Assert.Equal("SELECT total FROM orders WHERE id = 7", steps[0].Sql);
        Assert.Equal(["input"], steps[0].Names.Keys);
        Assert.Equal("UPDATE orders SET done = ('5'::pg_catalog.numeric)", steps[3].Sql);
        Assert.Equal(["go", "input", "order"], steps[3].Names.Keys.Order());
        Assert.Equal("5", JsonNode.Parse(steps[3].Names["order"])!["rows"]![0]!["total"]!.GetValue<string>());
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 2, 1, 0, TimeSpan.Zero), steps[4].FinishedAt);
        Assert.Null(steps[4].Sql);
        Assert.StartsWith("4 UPDATE orders SET done = $order.total → ", steps[3].ToString());
    }

    [Fact]
    public async Task Steps_FailedStep_HasItsError()
    {
        var result = await WorkflowTest.For(Df.Try("SELECT x FROM t", "SELECT $error.message AS m")).FailStep("SELECT x", "42P01", "no t")
            .RunAsync();

        var steps = WorkflowReplay.Steps(result.History);
        Assert.Equal("42P01", steps[0].Error!.SqlState);
        Assert.Contains("error", steps[1].Names.Keys);
    }
}

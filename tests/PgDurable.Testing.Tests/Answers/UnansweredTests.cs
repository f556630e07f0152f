namespace PgDurable.Testing.Tests.Answers;

public sealed class UnansweredTests
{
    [Theory]
    [InlineData("SELECT order_id, o.total AS sum, lower(note) FROM orders o", ".Rows(\"order\", new { order_id = …, sum = …, lower = … })")]
    [InlineData("SELECT * FROM orders", ".Rows(\"order\", new { … })")]
    [InlineData("UPDATE orders SET total = 1 RETURNING order_id", ".Rows(\"order\", new { order_id = … })")]
    [InlineData("INSERT INTO orders VALUES (1)", ".Rows(\"order\", new RowsAffected(1))")]
    [InlineData("CREATE TABLE t ()", ".Rows(\"order\", new RowsAffected(1))")]
    [InlineData("VALUES (1)", ".Rows(\"order\", new { … })")]
    public async Task RunAsync_StepWithoutAnswer_ShowsTheLineToWrite(string sql, string line)
    {
        var e = await Assert.ThrowsAsync<UnansweredStepException>(() => WorkflowTest.For(Df.Sql(sql).As("order")).RunAsync());

        Assert.Equal(line, e.Suggestion);
        Assert.Contains(line, e.Message);
        Assert.Contains(sql, e.Message);
    }

    [Fact]
    public async Task RunAsync_StepWithoutName_IsNamedByItsSql()
    {
        var e = await Assert.ThrowsAsync<UnansweredStepException>(() => WorkflowTest.For(Df.Sql("SELECT \"Id\" FROM t")).RunAsync());

        Assert.Equal(".Rows(\"SELECT \\\"Id\\\" FROM t\", new { Id = … })", e.Suggestion);
    }

    [Fact]
    public async Task RunAsync_StepWithoutAnswer_ShowsWhatWentBefore()
    {
        var e = await Assert.ThrowsAsync<UnansweredStepException>(
            () => WorkflowTest.For(Df.Sql("SELECT 41 AS a").As("a").Then("SELECT b FROM t")).RunAsync());

        Assert.Contains("\"a\":41", e.Message);
    }

    [Fact]
    public async Task RunAsync_RequestWithoutAnswer_ShowsTheLineToWrite()
    {
        var e = await Assert.ThrowsAsync<UnansweredStepException>(
            () => WorkflowTest.For(Df.Http("https://a.test", "GET").As("page")).RunAsync());

        Assert.Equal(".Http(\"page\", request => HttpReply.Json(new { … }))", e.Suggestion);
    }

    [Fact]
    public async Task RunAsync_CallWithoutAnswer_ShowsTheLineToWrite()
    {
        var e = await Assert.ThrowsAsync<UnansweredStepException>(() => WorkflowTest.For(Df.Call("ship")).RunAsync());

        Assert.Equal(".Child(\"ship\", …)", e.Suggestion);
    }

    [Fact]
    public async Task RunAsync_UnknownName_ListsTheStepsThereAre()
    {
        var e = await Assert.ThrowsAsync<WorkflowTestException>(
            () => WorkflowTest.For(Df.Sql("SELECT 1").As("order").Then(Df.Sleep(1))).Rows("oder", 1).RunAsync());

        Assert.Equal("The workflow has no step 'oder'. It has: 'order', 'SLEEP'.", e.Message);
    }

    [Fact]
    public async Task RunAsync_UnknownNameInACrash_ListsTheStepsThereAre() =>
        await Assert.ThrowsAsync<WorkflowTestException>(
            () => WorkflowTest.For(Df.Sql("SELECT 1").As("order")).CrashAfter("oder").RunAsync());
}

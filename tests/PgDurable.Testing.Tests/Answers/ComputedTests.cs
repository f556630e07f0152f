using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Answers;

/// <summary>What the generator adds to a workflow needs no answers and no names.</summary>
public sealed class ComputedTests
{
    [Fact]
    public async Task Break_ComputedValues_NeedNoAnswer()
    {
        var result = await WorkflowTest.For<CountDown, CountDown.Input, CountDown.Decision>(new(4, 10))
            .Rows("order", new CountDown.Order(5, 21.5m, null)).AnswerWrites().RunAsync();

        Assert.Equal(new CountDown.Decision("none", 10.75m, 5), result.Output);
        result.ShouldHaveRunExactly("order", "INSERT INTO dear");
        var insert = Assert.Single(result.Executed, step => !step.IsComputed && step.Name != "order");
        Assert.Equal("INSERT INTO dear VALUES (5, 'none')", insert.Sql.Replace("::pg_catalog.text", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ForEach_Results_NeedNoAnswer()
    {
        var result = await WorkflowTest.For<CheckLines, CheckLines.Input>(new(7, "shop"))
            .Rows("lines", new CheckLines.Line(1, "a"), new CheckLines.Line(2, "b"))
            .Rows("SELECT id, price", step => new CheckLines.Checked(step.Sql.Contains("'a'") ? 1 : 2, 9.50m))
            .Rows("SELECT weight", 20L)
            .Http(request => HttpReply.Json(new { request.Body })).AnswerWrites().RunAsync();

        result.ShouldComplete();
        Assert.Equal(2, result.Executed.Count(step => step.Name.StartsWith("UPDATE lines", StringComparison.Ordinal)));
        var request = Assert.Single(result.Executed, step => step.Kind is Graph.NodeKind.HttpJson or Graph.NodeKind.Http);
        Assert.Equal("POST https://shop/orders/7", request.Sql);
        Assert.Contains("SHOP", request.ResultJson);
    }

    [Fact]
    public async Task Start_OfAnotherWorkflow_NeedsNoAnswer()
    {
        var result = await WorkflowTest.For<HandOver, HandOver.Input>(new(4)).AnswerWrites().CrashAfterEveryStep().RunAsync();

        result.ShouldComplete();
        var start = Assert.Single(result.Executed, step => step.Sql.Contains("df.start_workflow", StringComparison.Ordinal));
        Assert.Contains("'count-down'", start.Sql, StringComparison.Ordinal);
        Assert.Matches(
            "^INSERT INTO started VALUES \\('[0-9a-f]{8}'\\)$",
            Assert.Single(result.Executed, step => step.Name.StartsWith("INSERT", StringComparison.Ordinal)).Sql);
        Assert.Empty(WorkflowPaths.Explore(HandOver.Definition).Defects);
    }

    [Fact]
    public void Explore_ComputedValues_AreNoDefects()
    {
        Assert.All(WorkflowPaths.Explore(CountDown.Definition).Defects, path => Assert.Contains("order: no rows", path.Choices));
        Assert.All(
            WorkflowPaths.Explore(CheckLines.Definition, new() { MaxFailures = 0 }).Defects,
            path => Assert.Contains(path.Choices, choice => choice.EndsWith("no rows", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Lists_OfTheInputAndRanges_NeedNoAnswers()
    {
        var result = await WorkflowTest.For<SendCopies, SendCopies.Input>(new([new("a'b", 2), new("c", null)], 2))
            .Label("mine").StartAt(new(2026, 5, 1, 8, 30, 0, TimeSpan.FromHours(2))).AnswerWrites().RunAsync();

        Assert.Equal(
            [
                "INSERT INTO lines VALUES ('a''b', ('2'::pg_catalog.int4))",
                "INSERT INTO lines VALUES ('c', (NULL::pg_catalog.int4))",
                "INSERT INTO copies VALUES (('1'::pg_catalog.int4))",
                "INSERT INTO copies VALUES (('2'::pg_catalog.int4))",
                "INSERT INTO runs VALUES ('00000001', 'mine', '2026-05-01T06:30:00+00:00')",
            ],
            result.Executed.Where(step => step.Sql.StartsWith("INSERT", StringComparison.Ordinal)).Select(step => step.Sql));
    }
}

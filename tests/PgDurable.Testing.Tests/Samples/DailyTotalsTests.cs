namespace PgDurable.Testing.Tests.Samples;

public sealed class DailyTotalsTests
{
    [Fact]
    public async Task Define_BothCounted_WritesOneRow()
    {
        var result = await Test().Rows("orders", new DailyTotals.Total(5)).RunAsync();

        Assert.Equal(
            "INSERT INTO daily_totals VALUES ('2026-01-31', ('3'::pg_catalog.int8), ('5'::pg_catalog.int8))", result
                .ShouldComplete().Executed[^1].Sql);
    }

    [Fact]
    public async Task Define_OneCountFails_SaysWhichBranchAndWritesNothing()
    {
        var result = await Test().FailStep("orders", "42P01", "relation \"orders\" does not exist").RunAsync();

        result.ShouldFail("42P01", "orders").ShouldNotHaveRun("INSERT INTO daily_totals VALUES ($input.day, $users.count, $o");
        Assert.StartsWith("relation", result.Error!.Message);
    }

    [Theory]
    [InlineData("users")]
    [InlineData("orders")]
    public async Task Define_CrashAfterEitherCount_CountsEachOnce(string step)
    {
        var result = await Test().Rows("orders", new DailyTotals.Total(5)).CrashAfter(step).RunAsync();

        result.ShouldComplete();
        Assert.Single(result.Executed, ran => ran.Name == "users");
        Assert.Single(result.Executed, ran => ran.Name == "orders");
    }

    [Fact]
    public async Task Define_CrashInTheMiddleOfACount_CountsItAgain()
    {
        var result = await Test().Rows("orders", new DailyTotals.Total(5)).CrashDuring("users").RunAsync();

        result.ShouldComplete();
        Assert.Equal([true, false], result.Executed.Where(ran => ran.Name == "users").Select(ran => ran.Crashed));
    }

    [Fact]
    public async Task Define_CountsTakeTime_RunSideBySide()
    {
        var result = await Test().Rows("orders", new DailyTotals.Total(5)).Takes("users", TimeSpan.FromMinutes(3))
            .Takes("orders", TimeSpan.FromMinutes(2)).RunAsync();

        Assert.Equal(["orders", "users"], result.Executed.Take(2).Select(step => step.Name));
        Assert.Equal(TimeSpan.FromMinutes(3), result.Elapsed);
    }

    static WorkflowTest<System.Text.Json.JsonElement> Test() =>
        WorkflowTest.For<DailyTotals, DailyTotals.Input>(new(new DateOnly(2026, 1, 31)))
        .Rows("users", new DailyTotals.Total(3))
        .AnswerWrites();
}

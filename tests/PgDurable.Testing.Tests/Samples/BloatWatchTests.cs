namespace PgDurable.Testing.Tests.Samples;

public sealed class BloatWatchTests
{
    static readonly DateTimeOffset Friday = new(2026, 3, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Define_OverTheChangeToSummerTime_LooksAtNineInParisOnWeekdays()
    {
        var result = await Test().Rows<BloatWatch.Table>("bloated").StopAfter(TimeSpan.FromDays(5)).RunAsync();

        // The clocks go forward on Sunday: nine in Paris is seven in UTC from then on.
        Assert.Equal(
            ["2026-03-30 07:00", "2026-03-31 07:00", "2026-04-01 07:00"],
            result.Executed.Where(step => step.Name == "bloated").Select(step => (Friday + step.At).ToString("yyyy-MM-dd HH:mm")));
    }

    [Fact]
    public async Task Define_Approved_VacuumsEachTable()
    {
        var result = await Bloated().SignalAfter(TimeSpan.FromDays(3), "go", new BloatWatch.Approval(true))
            .StopAfter(TimeSpan.FromDays(3.5)).RunAsync();

        Assert.Equal(
            ["SELECT maintenance.vacuum_table('public.a')",
                "SELECT maintenance.vacuum_table('public.b')"],
            result.Executed.Where(step => step.Sql.Contains("vacuum_table")).Select(step => step.Sql));
    }

    [Fact]
    public async Task Define_NobodyAnswers_DoesNothingAndAsksAgainTheNextDay()
    {
        var result = await Bloated().StopAfter(TimeSpan.FromDays(4)).RunAsync();

        Assert.DoesNotContain(result.Executed, step => step.Sql.Contains("vacuum_table"));
        Assert.Equal(2, result.Executed.Count(step => step.Sql.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Define_Refused_DoesNothing()
    {
        var result = await Bloated().SignalAfter(TimeSpan.FromDays(3), "go", new BloatWatch.Approval(false))
            .StopAfter(TimeSpan.FromDays(3.5)).RunAsync();

        Assert.DoesNotContain(result.Executed, step => step.Sql.Contains("vacuum_table"));
    }

    [Fact]
    public async Task Define_TwoYears_RunsEveryWeekday()
    {
        var result = await Test().Rows<BloatWatch.Table>("bloated").StopAfter(TimeSpan.FromDays(2 * 365)).RunAsync();

        Assert.Equal(520, result.Executed.Count(step => step.Name == "bloated"));
    }

    static WorkflowTest<System.Text.Json.JsonElement> Bloated() => Test()
        .Rows("bloated", new BloatWatch.Table("public.a", 20_000), new BloatWatch.Table("public.b", 30_000))
        .Rows("SELECT maintenance.vacuum_table", _ => new { vacuum_table = (string?)null });

    static WorkflowTest<System.Text.Json.JsonElement> Test() => WorkflowTest.For<BloatWatch, BloatWatch.Input>(new("https://hooks.test/x"))
        .Http(_ => HttpReply.Status(204))
        .StartAt(Friday);
}

using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class ReportNightlyTests
{
    private static readonly DateOnly First = new(2026, 3, 1);

    [Fact]
    public async Task Campaign_OfThreeDays_IsReportedThreeTimes()
    {
        // 21:00 UTC is 22:00 in Paris: four and a half hours, and then two days.
        var result = await Campaign().RunAsync();

        Assert.Equal(First.AddDays(2), result.ShouldComplete().Output.Day);
        Assert.Equal(TimeSpan.FromHours(4.5 + 48), result.Elapsed);
    }

    [Fact]
    public async Task Campaign_SomebodyAsks_IsReportedAtOnce()
    {
        var result = await Campaign().SignalAfter(TimeSpan.FromHours(1), "report-now").StopAfterStep("report").RunAsync();

        Assert.Equal(TimeSpan.FromHours(1), result.Elapsed);
    }

    private static WorkflowTest<ReportNightly.Report> Campaign() =>
        WorkflowTest.For<ReportNightly, ReportNightly.Input, ReportNightly.Report>(new(CampaignId: 1))
            .StartAt(new(2026, 3, 1, 21, 0, 0, TimeSpan.Zero))
            .Rows("report", new ReportNightly.Report(First, 10m, IsLast: false))
            .Rows("report", new ReportNightly.Report(First.AddDays(1), 20m, IsLast: false))
            .Rows("report", new ReportNightly.Report(First.AddDays(2), 30m, IsLast: true));
}

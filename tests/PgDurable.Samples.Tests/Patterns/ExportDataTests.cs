using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class ExportDataTests
{
    [Fact]
    public async Task Export_TakesThreeLooks_WaitsAsLongAsTheOtherSystemSays()
    {
        var looks = 0;
        var result = await Export()
            .Http(request => request.Method == "POST"
                ? HttpReply.Json(new { id = "job-7" }, 202)
                : request.Url.EndsWith("/exports/job-7", StringComparison.Ordinal)
                    ? HttpReply.Json(++looks < 3
                        ? new { state = "running", wait_seconds = 40.5, file = (string?)null }
                        : new { state = "done", wait_seconds = 0.0, file = (string?)"a.csv" })
                    : null)
            .Rows("INSERT INTO patterns.exports", new ExportData.Export(1, "a.csv"))
            .RunAsync();

        Assert.Equal("a.csv", result.ShouldComplete().Output.File);
        Assert.Equal(TimeSpan.FromSeconds(81), result.Elapsed);
    }

    [Fact]
    public async Task Export_OtherSystemIsDown_AsksAgain()
    {
        var looks = 0;
        var result = await Export()
            .Http(request => request.Method == "POST" ? HttpReply.Json(new { id = "job-7" })
                : ++looks < 4 ? HttpReply.Status(503)
                : HttpReply.Json(new { state = "done", wait_seconds = 0, file = "a.csv" }))
            .Rows("INSERT INTO patterns.exports", new ExportData.Export(1, "a.csv"))
            .RunAsync();

        result.ShouldComplete();
        Assert.Equal(4, looks);
    }

    [Fact]
    public async Task Export_JobFails_Fails()
    {
        var result = await Export()
            .Http(request => HttpReply.Json(request.Method == "POST"
                ? new { id = "job-7" }
                : new { state = "failed", wait_seconds = 0, file = (string?)null }))
            .RunAsync();

        Assert.Equal("the export of anna has failed", result.ShouldFail("DF006").Error?.Message);
    }

    private static WorkflowTest<ExportData.Export> Export() =>
        WorkflowTest.For<ExportData, ExportData.Input, ExportData.Export>(new("https://exports.example.com", "anna"));
}

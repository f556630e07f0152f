using System.Diagnostics;
using PgDurable.Dashboard.Tests.Fixtures;
using PgDurable.TestKit;

namespace PgDurable.Dashboard.Tests;

/// <summary>Large instances make small pages.</summary>
[Collection(DashboardCollection.Name)]
public sealed class SizeTests(DashboardFixture fixture)
{
    private const int Most = 200_000;

    [Fact]
    public async Task Instance_OfFiveThousandNodes_ShowsWhatRuns()
    {
        var tenant = await fixture.TenantAsync();
        var steps = Enumerable.Range(0, 2500)
            .Select(i => i == 40
                ? """{"node_type":"SIGNAL","query":"{\"signal_name\":\"go\",\"timeout_seconds\":null}"}"""
                : $$"""{"node_type":"SQL","query":"SELECT {{i}} AS number_of_the_step"}""")
            .ToList();
        var id = await tenant.StartAsync(Literal(Sequence(steps)));
        await tenant.WaitingAsync(id, "SIGNAL");

        var page = await ReadAsync(tenant, $"/instances/{id}", "page of an instance of 5,000 nodes");

        Assert.Contains("SIGNAL &#x27;go&#x27;", page, StringComparison.Ordinal);
        Assert.Contains("4,999 nodes", page, StringComparison.Ordinal);
        Assert.Contains("SELECT 39 AS number_of_the_step", page, StringComparison.Ordinal);
        Assert.DoesNotContain("SELECT 999 AS number_of_the_step", page, StringComparison.Ordinal);

        // A fold leads to what it hides.
        await using var visit = await fixture.VisitAsync(tenant.Person);
        await visit.OpenAsync($"{DashboardHost.Main}/instances/{id}");
        await visit.LeaveAsync(() => visit.Page.Locator("a.fold").Last.ClickAsync());
        await visit.UntilAsync("#steps", "SELECT 46 AS number_of_the_step");
    }

    [Fact]
    public async Task Instance_OfManyIterations_MakesASmallPage()
    {
        var tenant = await fixture.TenantAsync();
        var id = await tenant.StartAsync(
            "('SELECT 110 AS n' |=> 'i') ~> df.pace(df.loop('SELECT $i.n - 1 AS n' |=> 'i', 'SELECT $i.n > 0'), 0)");
        await tenant.EndAsync(id, "completed");

        var page = await ReadAsync(tenant, $"/instances/{id}", "page of an instance of 110 iterations");

        Assert.Contains("It completed", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instance_OfLargeValues_CutsThemAndOffersAll()
    {
        var tenant = await fixture.TenantAsync();
        var id = await tenant.StartAsync(
            "'SELECT repeat(''x'', 300000) AS x'", input: $$"""{"note": "{{new string('y', 300_000)}}"}""");
        await tenant.EndAsync(id, "completed");

        var page = await ReadAsync(tenant, $"/instances/{id}", "page of an instance of large values");

        Assert.Contains("Download all of it", page, StringComparison.Ordinal);
        using var client = fixture.Client(tenant.Person);
        foreach (var of in (string[])["input", "output"])
            Assert.True((await client.GetStringAsync($"{DashboardHost.Main}/instances/{id}/value?of={of}")).Length > 300_000);
    }

    private async Task<string> ReadAsync(Tenant tenant, string path, string name)
    {
        using var client = fixture.Client(tenant.Person);
        var watch = Stopwatch.StartNew();
        var page = await client.GetStringAsync(DashboardHost.Main + path);
        Figures.Measure($"{name}, made in", watch.Elapsed.TotalMilliseconds, "ms");
        Figures.Measure($"{name}, size", page.Length / 1000.0, "kB");
        Assert.InRange(page.Length, 1000, Most);
        return page;
    }

    private static string Sequence(List<string> steps) => steps.Count == 1
        ? steps[0]
        : $$"""{"node_type":"THEN","left_node":{{Half(steps, 0)}},"right_node":{{Half(steps, 1)}}}""";

    private static string Half(List<string> steps, int half) =>
        Sequence(half == 0 ? steps[..(steps.Count / 2)] : steps[(steps.Count / 2)..]);

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

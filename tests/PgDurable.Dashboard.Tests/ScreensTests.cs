using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>Each screen shows what is in the database.</summary>
[Collection(DashboardCollection.Name)]
public sealed class ScreensTests(DashboardFixture fixture)
{
    [Fact]
    public Task Overview_ShowsFiguresFindingsAndTheRole() => ShowsAsync(
        _ => "", "postgres as shop", "3\nwaiting", "1\npaused", "1\nfailed in 24 hours", "1\nworker", "The highest bar is 6.",
        "failed: 1 instance failed in the last 24 hours");

    [Fact]
    public Task Instances_ShowEveryone() => ShowsAsync(
        _ => "/instances", "6 instances", "bookshop v2", "completed", "failed", "running", "customer: bookshop");

    [Fact]
    public Task Instance_Completed_ShowsGraphValuesChildrenAndTimeLine() => ShowsAsync(
        seed => $"/instances/{seed.Completed}", "It completed ", "CALL bookshop", "SQL: SELECT 'bookshop' AS note |=> 'last'",
        "Idempotency key", "customer: bookshop", "{\"note\": \"bookshop\"}", "Published", "\"row_count\":1",
        "Called workflows", "Time line", "\tCALL bookshop\tcompleted");

    [Fact]
    public Task Instance_Child_LeadsToItsParentAndItsWorkflow() => ShowsAsync(
        seed => $"/instances/{seed.Child}", "Called by", "bookshop v2", "order");

    [Fact]
    public Task Instance_Failed_SaysWhyAndOffersARetry() => ShowsAsync(
        seed => $"/instances/{seed.Failed}", "at step \"FAIL\": bookshop (S0001)", "Retry from the failed step", "Error");

    [Fact]
    public Task Instance_Waiting_OffersItsSignals() => ShowsAsync(
        seed => $"/instances/{seed.Waiting}", "It waits for signal \"approval\".", "Send the signal approval (it waits for it)",
        "Send the signal bookshop", "pending", "Pause", "Cancel", "Terminate");

    [Fact]
    public Task Instance_Paused_SaysSince() => ShowsAsync(
        seed => $"/instances/{seed.Paused}", "paused", "It is paused, by shop, since", "Resume");

    [Fact]
    public Task Failures_ShowGroups() => ShowsAsync(_ => "/failures", "ad hoc", "FAIL", "S0001", "bookshop");

    [Fact]
    public Task Workflows_ShowEach() => ShowsAsync(_ => "/workflows", "bookshop", "shop", "v2");

    [Fact]
    public Task Workflow_ShowsGraphVersionsAndForm() => ShowsAsync(
        _ => "/workflow?name=bookshop", "Version 2", "/* bookshop */ SELECT $input.order_id?::big", "v1", "with v2",
        "order_id (bigint), optional", "note, optional", "Start version 2");

    [Fact]
    public Task Workflow_AgainstAnother_ShowsTheDifference() => ShowsAsync(
        _ => "/workflow?name=bookshop&version=2&against=1", "From v1 to v2", "− SQL: SELECT 1 AS n", "+ SQL: /* bookshop */");

    [Fact]
    public Task Schedules_SayWhenInWords() => ShowsAsync(
        _ => "/schedules", "bookshop", "Monday to Friday at 03:00", "0 3 * * MON-FRI", "overlap: skip, missed: one", "in ", "Run now");

    [Fact]
    public Task Activities_ShowWhatNobodyClaims() => ShowsAsync(_ => "/activities", "bookshop", "default", "1\t");

    [Fact]
    public Task Workers_ToARoleOfATeam_SaysHowMany() => ShowsAsync(_ => "/workers", "1 worker is running.");

    [Fact]
    public Task Audit_ShowsWhoDidWhat() => ShowsAsync(_ => "/audit", "shop", "pause", "register", "version 2", "schedule", "grant_usage");

    [Fact]
    public async Task Workers_ToASuperuser_ShowsEach()
    {
        await fixture.Cluster.ExecuteAsync("GRANT postgres TO web");
        await using var visit = await fixture.VisitAsync(new("postgres"));

        await visit.OpenAsync(DashboardHost.Main + "/workers");

        var pid = await fixture.Cluster.ScalarAsync<int>("SELECT pid FROM df.workers");
        Assert.Contains($"\t{pid}\t", await visit.TextAsync(), StringComparison.Ordinal);
        await fixture.Cluster.ExecuteAsync("REVOKE postgres FROM web");
    }

    [Fact]
    public async Task Screens_OfARoleThatHasNothing_SayWhatToDo()
    {
        var tenant = await fixture.TenantAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person);
        foreach (var (screen, text) in new[]
        {
            ("", "What needs attention"), ("/instances", "No instance has been started yet."), ("/failures", "No instance has failed."),
            ("/workflows", "No workflow is registered."), ("/schedules", "There are no schedules."),
            ("/activities", "No task waits or runs."),
        })
        {
            await visit.OpenAsync(DashboardHost.Main + screen);
            Assert.Contains(text, await visit.TextAsync(), StringComparison.Ordinal);
        }
    }

    private async Task ShowsAsync(Func<Seed, string> screen, params string[] texts)
    {
        var (tenant, seed) = await fixture.ShopAsync();
        // Scripts only bring what changes later; the tests of accessibility and of prefixes open the same screens with them.
        await using var visit = await fixture.VisitAsync(tenant.Person, scripts: false);
        await visit.OpenAsync(DashboardHost.Main + screen(seed));
        var shown = await visit.TextAsync("body");
        Assert.All(texts, text => Assert.Contains(text, shown, StringComparison.Ordinal));
    }
}

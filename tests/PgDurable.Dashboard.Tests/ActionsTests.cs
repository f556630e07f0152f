using Microsoft.Playwright;
using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>Each action does what its button says, with and without scripts.</summary>
[Collection(DashboardCollection.Name)]
public sealed class ActionsTests(DashboardFixture fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Instance_PausedResumedAndTagged_IsSo(bool scripts)
    {
        var tenant = await fixture.TenantAsync();
        var id = await WaitingAsync(tenant);
        await using var visit = await OpenAsync(tenant, $"/instances/{id}", scripts);

        await visit.PressAsync("Pause");
        Assert.Contains("It is paused", await visit.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("1", await tenant.TextAsync("SELECT count(*)::text FROM df.pauses"));

        await visit.PressAsync("Resume");
        Assert.DoesNotContain("It is paused", await visit.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("0", await tenant.TextAsync("SELECT count(*)::text FROM df.pauses"));

        await visit.Page.GetByLabel("Tag", new() { Exact = true }).FillAsync("customer");
        await visit.Page.GetByLabel("Value", new() { Exact = true }).FillAsync("Müller & Söhne");
        await visit.PressAsync("Set");
        Assert.Contains("customer: Müller & Söhne", await visit.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"customer": "Müller & Söhne"}""", await tenant.TextAsync("SELECT df.tags_of($1)::text", id));

        // An empty value takes it away.
        await visit.Page.GetByLabel("Tag", new() { Exact = true }).FillAsync("customer");
        await visit.PressAsync("Set");
        Assert.Equal("{}", await tenant.TextAsync("SELECT df.tags_of($1)::text", id));
        Assert.Equal(
            "dashboard: anna", await tenant.TextAsync("SELECT string_agg(DISTINCT application, ',') FROM df.audit WHERE action = 'pause'"));
    }

    [Theory]
    [InlineData(true, "Cancel")]
    [InlineData(false, "Cancel")]
    [InlineData(true, "Terminate")]
    [InlineData(false, "Terminate")]
    public async Task Instance_CanceledOrTerminated_EndsWithTheReason(bool scripts, string button)
    {
        var tenant = await fixture.TenantAsync();
        var id = await WaitingAsync(tenant);
        await using var visit = await OpenAsync(tenant, $"/instances/{id}", scripts);

        await visit.Page.GetByLabel("Reason").FillAsync("ordered twice");
        await visit.PressAsync(button);

        await tenant.EndAsync(id, "cancelled");
        Assert.Contains("ordered twice", await tenant.TextAsync("SELECT df.error($1)::text", id), StringComparison.Ordinal);
        await visit.OpenAsync($"{DashboardHost.Main}/instances/{id}");
        Assert.Contains("ordered twice", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Instance_Retried_GoesOnAtTheFailedStep(bool scripts)
    {
        var tenant = await fixture.TenantAsync();
        var schema = "s" + tenant.Role;
        await tenant.Cluster.ExecuteAsync($"CREATE SCHEMA {schema} AUTHORIZATION {tenant.Role}");
        var id = await tenant.StartAsync($"'SELECT 1' ~> 'SELECT n FROM {schema}.mended'");
        await tenant.EndAsync(id, "failed");
        await using var visit = await OpenAsync(tenant, $"/instances/{id}", scripts);
        Assert.Contains("mended", await visit.TextAsync(), StringComparison.Ordinal);

        await tenant.TextAsync($"CREATE TABLE {schema}.mended AS SELECT 42 AS n");
        await visit.PressAsync("Retry from the failed step");

        await tenant.EndAsync(id, "completed");
        Assert.Contains("42", await tenant.TextAsync("SELECT df.result($1)", id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Instance_SignalByItsForm_GetsTypedData(bool scripts)
    {
        var tenant = await fixture.TenantAsync();
        var id = await WaitingAsync(tenant);
        await using var visit = await OpenAsync(tenant, $"/instances/{id}", scripts);

        await visit.Page.GetByText("Send the signal approval (it waits for it)").ClickAsync();
        await visit.Page.GetByLabel("approved (boolean), optional").SelectOptionAsync("true");
        await visit.Page.GetByLabel("amount (numeric), optional").FillAsync("12.50");
        await visit.Page.GetByLabel("note, optional").FillAsync("O'Hara's");
        await visit.PressAsync("Send");

        await tenant.EndAsync(id, "completed");
        Assert.Equal(
            """{"a": true, "b": "12.50", "c": "O'Hara's"}""",
            await tenant.TextAsync("SELECT (df.result($1)::jsonb #> '{rows,0}')::text", id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Instance_Forked_ContinuesFromTheStep(bool scripts)
    {
        var tenant = await fixture.TenantAsync();
        var id = await tenant.StartAsync("('SELECT 20 AS n' |=> 'first') ~> ('SELECT $first.n + 1 AS n' |=> 'second')");
        await tenant.EndAsync(id, "completed");
        await using var visit = await OpenAsync(tenant, $"/instances/{id}", scripts);

        await visit.Page.GetByText("Continue from a step in a new instance").ClickAsync();
        await visit.Page.GetByLabel("Step or node").FillAsync("second");
        await visit.PressAsync("Fork");

        var fork = visit.Page.Url.Split('/')[^1];
        Assert.NotEqual(id, fork);
        await tenant.EndAsync(fork, "completed");
        Assert.Equal(id, await tenant.TextAsync("SELECT forked_from FROM df.instances WHERE id = $1", fork));
        Assert.Contains("21", await tenant.TextAsync("SELECT df.result($1)", fork), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Instances_AllThatMatchCanceled_AfterAPreview(bool scripts)
    {
        var tenant = await fixture.TenantAsync();
        string[] ids = [await WaitingAsync(tenant), await WaitingAsync(tenant), await WaitingAsync(tenant)];
        foreach (var id in ids[..2])
            await tenant.TextAsync("SELECT df.tag($1, 'batch', '7')", id);
        await using var visit = await OpenAsync(tenant, "/instances?q=batch:7", scripts);

        await visit.Page.GetByLabel("All that match").SelectOptionAsync("Cancel");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        Assert.Equal("2", await visit.Page.Locator("#acted-on").TextContentAsync());
        await visit.Page.GetByLabel("Reason, optional").FillAsync("recalled");
        await visit.PressAsync("Cancel 2");

        await tenant.EndAsync(visit.Page.Url.Split('/')[^1], "completed");
        foreach (var id in ids[..2])
            await tenant.EndAsync(id, "cancelled");
        Assert.Equal("running", await tenant.StatusAsync(ids[2]));
        Assert.Contains("recalled", await tenant.TextAsync("SELECT df.error($1)::text", ids[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instance_SignalWithABadValue_ChangesNothing()
    {
        var tenant = await fixture.TenantAsync();
        var id = await WaitingAsync(tenant);
        await using var visit = await OpenAsync(tenant, $"/instances/{id}", scripts: true);
        await visit.Page.GetByText("Send the signal approval (it waits for it)").ClickAsync();
        await visit.Page.GetByLabel("amount (numeric), optional").FillAsync("a lot");

        await visit.PressAsync("Send", status: 400);

        Assert.Contains("The field \"amount\" must be of type numeric.", await visit.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("running", await tenant.StatusAsync(id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Workflow_StartedByItsForm_RunsWithTheInput(bool scripts)
    {
        var tenant = await fixture.TenantAsync();
        await tenant.TextAsync(
            "SELECT df.register_workflow('ship order', 'SELECT $input.order_id::bigint + 1 AS n, $input.note? AS note')::text");
        await using var visit = await OpenAsync(tenant, "/workflow?name=ship%20order", scripts);

        await visit.PressAsync("Start version 1", status: 400);
        Assert.Contains("The workflow needs order_id.", await visit.TextAsync(), StringComparison.Ordinal);

        await visit.OpenAsync(DashboardHost.Main + "/workflow?name=ship%20order");
        await visit.Page.GetByLabel("order_id (bigint)").FillAsync("9007199254740993");
        await visit.Page.GetByLabel("Label, optional").FillAsync("by hand");
        await visit.Page.GetByLabel("Idempotency key, optional").FillAsync("order-1");
        await visit.PressAsync("Start version 1");

        var id = visit.Page.Url.Split('/')[^1];
        await tenant.EndAsync(id, "completed");
        Assert.Equal("9007199254740994", await tenant.TextAsync("SELECT df.result($1)::jsonb #>> '{rows,0,n}'", id));
        Assert.Equal(
            "by hand order-1", await tenant.TextAsync("SELECT label || ' ' || idempotency_key FROM df.submissions WHERE id = $1", id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Schedule_PausedResumedAndRun_IsSo(bool scripts)
    {
        var tenant = await fixture.TenantAsync();
        await tenant.TextAsync("SELECT df.register_workflow('report', 'SELECT $input.day AS day')::text");
        await tenant.TextAsync("SELECT df.schedule('nightly', '0 3 * * *', 'report', input => '{\"day\": \"today\"}')");
        await using var visit = await OpenAsync(tenant, "/schedules", scripts);

        await visit.PressAsync("Pause: nightly");
        Assert.True(await tenant.ScalarAsync<bool>("SELECT paused FROM df.schedules"));
        await visit.PressAsync("Resume: nightly");
        Assert.False(await tenant.ScalarAsync<bool>("SELECT paused FROM df.schedules"));
        await visit.PressAsync("Run now: nightly");

        var id = visit.Page.Url.Split('/')[^1];
        await tenant.EndAsync(id, "completed");
        Assert.Contains("today", await tenant.TextAsync("SELECT df.result($1)", id), StringComparison.Ordinal);
        Assert.Contains("schedule nightly, run now", await visit.TextAsync(), StringComparison.Ordinal);
    }

    private async Task<Visit> OpenAsync(Tenant tenant, string path, bool scripts)
    {
        var visit = await fixture.VisitAsync(tenant.Person, scripts: scripts);
        await visit.OpenAsync(DashboardHost.Main + path);
        return visit;
    }

    private static async Task<string> WaitingAsync(Tenant tenant)
    {
        var id = await tenant.StartAsync(
            """
            (df.wait_for_signal('approval') |=> 'approval')
                ~> 'SELECT ($approval.data?::jsonb ->> ''approved'')::boolean AS a, ($approval.data?::jsonb ->> ''amount'')::numeric AS b,
                           $approval.data?::jsonb ->> ''note'' AS c'
            """);
        await tenant.WaitingAsync(id, "SIGNAL");
        return id;
    }
}

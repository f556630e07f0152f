using Microsoft.Playwright;
using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>An open page shows what happens, and leaves alone what its reader does.</summary>
[Collection(DashboardCollection.Name)]
public sealed class LiveTests(DashboardFixture fixture)
{
    [Fact]
    public async Task Instance_ThatEnds_ChangesTheOpenPage()
    {
        var tenant = await fixture.TenantAsync();
        var id = await StartAsync(tenant);
        await using var visit = await OpenAsync(tenant, $"/instances/{id}");
        await visit.UntilAsync("#now", "It waits for signal \"go\".");

        await tenant.TextAsync("SELECT df.signal($1, 'go', '{}')", id);
        await visit.UntilAsync("#now", "It waits for signal \"on\".");
        await tenant.TextAsync("SELECT df.signal($1, 'on', '{}')", id);

        await visit.UntilAsync("#now", "It completed");
        await visit.UntilAsync("#history", "completed");
        await visit.UntilAsync("#facts", "Result");
    }

    [Fact]
    public async Task Overview_AndList_ChangeByThemselves()
    {
        var tenant = await fixture.TenantAsync();
        await using var list = await OpenAsync(tenant, "/instances");
        await using var overview = await OpenAsync(tenant, "");

        var id = await StartAsync(tenant);

        await list.UntilAsync("#found", id);
        await overview.UntilAsync("#overview .tile:nth-child(2)", "1");
    }

    [Fact]
    public async Task Instance_WhatTheReaderOpenedAndWrote_Stays()
    {
        var tenant = await fixture.TenantAsync();
        var id = await StartAsync(tenant);
        await using var visit = await OpenAsync(tenant, $"/instances/{id}");
        var step = visit.Page.Locator("#steps details", new() { HasText = "longer than" });
        await step.Locator("summary").ClickAsync();
        await Assertions.Expect(step).ToHaveAttributeAsync("open", "");
        await visit.Page.GetByLabel("Reason").FillAsync("written slowly");
        await visit.Page.GetByText("Send the signal go").ClickAsync();
        await visit.Page.Locator("#signal-go-json").FillAsync("{\"half\": ");

        await tenant.TextAsync("SELECT df.signal($1, 'go', '{}')", id);
        await visit.UntilAsync("#now", "It waits for signal \"on\".");
        // The form that isn't being written into any more is drawn again with the next state.
        await tenant.TextAsync("SELECT df.pause($1)", id);
        await visit.UntilAsync("#now", "It is paused");

        await Assertions.Expect(step).ToHaveAttributeAsync("open", "");
        await Assertions.Expect(visit.Page.GetByLabel("Reason")).ToHaveValueAsync("written slowly");
        await Assertions.Expect(visit.Page.Locator("#signal-go-json")).ToHaveValueAsync("{\"half\": ");
        await Assertions.Expect(visit.Page.Locator("#signal-go-json")).ToBeFocusedAsync();

        await visit.PressAsync("Cancel");
        await tenant.EndAsync(id, "cancelled");
        Assert.Contains("written slowly", await tenant.TextAsync("SELECT df.error($1)", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instance_LinkThatHasTheFocus_KeepsIt()
    {
        var tenant = await fixture.TenantAsync();
        var id = await StartAsync(tenant);
        await tenant.TextAsync("SELECT df.tag($1, 'customer', '42')", id);
        await using var visit = await OpenAsync(tenant, $"/instances/{id}");
        await visit.Page.Locator("#facts .chip").FocusAsync();

        await tenant.TextAsync("SELECT df.tag($1, 'region', 'north')", id);
        await visit.UntilAsync("#facts", "region: north");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "customer: 42" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Form_DrawnByAnUpdate_Works()
    {
        var tenant = await fixture.TenantAsync();
        var id = await StartAsync(tenant);
        await using var visit = await OpenAsync(tenant, $"/instances/{id}");

        await tenant.TextAsync("SELECT df.pause($1)", id);
        await visit.UntilAsync("#buttons", "Resume");
        await visit.PressAsync("Resume");

        Assert.Equal("0", await tenant.TextAsync("SELECT count(*)::text FROM df.pauses"));
    }

    private async Task<Visit> OpenAsync(Tenant tenant, string path)
    {
        var visit = await fixture.VisitAsync(tenant.Person);
        await visit.OpenAsync(DashboardHost.Main + path);
        return visit;
    }

    private static async Task<string> StartAsync(Tenant tenant)
    {
        var id = await tenant.StartAsync(
            """
            df.wait_for_signal('go') ~> 'SELECT 1 AS n /* longer than what the line of a step can show, so that it can be opened */'
                ~> df.wait_for_signal('on')
            """);
        await tenant.WaitingAsync(id, "SIGNAL");
        return id;
    }
}

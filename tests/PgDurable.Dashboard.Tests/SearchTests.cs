using Microsoft.Playwright;
using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>The list of instances finds them.</summary>
[Collection(DashboardCollection.Name)]
public sealed class SearchTests(DashboardFixture fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Instances_SearchAndChips_NarrowAndWiden(bool scripts)
    {
        var (tenant, seed) = await fixture.ShopAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person, scripts: scripts);
        await visit.OpenAsync(DashboardHost.Main + "/instances");

        await visit.Page.GetByRole(AriaRole.Searchbox).Or(visit.Page.Locator("input[name=q]")).First.FillAsync("customer:bookshop");
        await visit.PressAsync("Search");
        Assert.Equal([seed.Completed], await IdsAsync(visit));

        await ClickAsync(visit, "failed");
        Assert.Empty(await IdsAsync(visit));
        Assert.Contains("Nothing matches.", await visit.TextAsync(), StringComparison.Ordinal);

        await ClickAsync(visit, "Remove customer:bookshop");
        Assert.Equal([seed.Failed], await IdsAsync(visit));

        await ClickAsync(visit, seed.Failed);
        Assert.Contains("It failed", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_QueryThatCannotBeRead_SaysWhere()
    {
        var (tenant, _) = await fixture.ShopAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person);

        Assert.Equal(400, await visit.GoAsync(DashboardHost.Main + "/instances?q=status:nonsense"));
        Assert.Contains("nonsense", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_MoreThanAPage_ShowsOlderOnes()
    {
        var tenant = await fixture.TenantAsync();
        await tenant.TextAsync("SELECT df.register_workflow('wait', df.wait_for_signal('go'))::text");
        await tenant.TextAsync("SELECT count(df.start_workflow('wait', label => 'n' || n))::text FROM generate_series(1, 120) n");
        await using var visit = await fixture.VisitAsync(tenant.Person);
        await visit.OpenAsync(DashboardHost.Main + "/instances?q=workflow:wait");

        var seen = new List<string>();
        for (var page = 0; page < 3; page++)
        {
            Assert.Contains("120 instances", await visit.TextAsync(), StringComparison.Ordinal);
            seen.AddRange(await IdsAsync(visit));
            if (page < 2)
                await ClickAsync(visit, "Older");
        }

        Assert.Equal(120, seen.Distinct().Count());
        Assert.Equal(120, seen.Count);
        Assert.Equal(0, await visit.Page.GetByText("Older", new() { Exact = true }).CountAsync());
        await ClickAsync(visit, "Newest");
        Assert.Equal(seen[..50], await IdsAsync(visit));
    }

    [Fact]
    public async Task Failures_Count_LeadsToTheInstancesOfTheGroup()
    {
        var (tenant, seed) = await fixture.ShopAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person);
        await visit.OpenAsync(DashboardHost.Main + "/failures");

        await ClickAsync(visit, "1");

        Assert.Equal([seed.Failed], await IdsAsync(visit));
    }

    private static Task ClickAsync(Visit visit, string link) =>
        visit.LeaveAsync(() => visit.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First.ClickAsync());

    private static Task<IReadOnlyList<string>> IdsAsync(Visit visit) => visit.Page.Locator("td.id a").AllInnerTextsAsync();
}

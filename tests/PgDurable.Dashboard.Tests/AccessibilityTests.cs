using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>Axe finds nothing, and a telephone shows everything.</summary>
[Collection(DashboardCollection.Name)]
public sealed class AccessibilityTests(DashboardFixture fixture)
{
    private const string TooWide =
        """
        () => [...document.querySelectorAll('main *')]
            .filter(e => e.getBoundingClientRect().right > 390 && !e.parentElement.closest('.scroll'))
            .map(e => e.outerHTML.slice(0, 200))
        """;

    private const string Again =
        """
        async onlyColors => (await axe.run(document, onlyColors ? { runOnly: { type: 'rule', values: ['color-contrast'] } } : {}))
            .violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html}`))
        """;

    [Fact]
    public async Task Screens_InBothSchemesAndWidths_HaveNoDefects()
    {
        var (tenant, seed) = await fixture.ShopAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person);
        var problems = new List<string>();
        foreach (var screen in seed.Screens.Append("/instances/none"))
        {
            await visit.GoAsync(DashboardHost.Main + screen);
            // What is closed is not looked at.
            await visit.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(details => details.open = true)");
            // The first run brings axe into the page; from there, the others are quicker.
            var first = await visit.Page.RunAxe();
            problems.AddRange(
                first.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{screen}: {violation.Id}: {node.Html}")));
            foreach (var (width, scheme) in new[] { (390, ColorScheme.Light), (390, ColorScheme.Dark), (1440, ColorScheme.Dark) })
            {
                await visit.Page.SetViewportSizeAsync(width, 900);
                await visit.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                // Only colors depend on the scheme.
                var found = await visit.Page.EvaluateAsync<string[]>(Again, scheme == ColorScheme.Dark);
                problems.AddRange(found.Select(problem => $"{screen} {width} {scheme}: {problem}"));
                if (await WidthAsync(visit) is var shown && shown > width)
                    problems.Add($"{screen} is {shown} pixels wide, not {width}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task Screens_OfLongWords_FitATelephone()
    {
        var tenant = await fixture.TenantAsync();
        var seed = await Seed.MakeAsync(tenant, new string('w', 180));
        await using var visit = await fixture.VisitAsync(tenant.Person, width: 390);
        foreach (var screen in seed.Screens)
        {
            await visit.OpenAsync(DashboardHost.Main + screen);
            var width = await WidthAsync(visit);
            var guilty = width <= 390 ? [] : await visit.Page.EvaluateAsync<string[]>(TooWide);
            Assert.True(width <= 390, $"{screen} is {width} pixels wide: {string.Join('\n', guilty)}");
        }
    }

    [Fact]
    public async Task Keyboard_FirstLink_LeadsToTheContent()
    {
        var (tenant, _) = await fixture.ShopAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person);
        await visit.OpenAsync(DashboardHost.Main + "/instances");

        await visit.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(visit.Page.GetByText("Skip to the content")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(visit.Page.Locator("main")).ToBeFocusedAsync();
    }

    private static Task<int> WidthAsync(Visit visit) => visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
}

using Microsoft.Playwright;
using PgDurable.Dashboard.Tests.Fixtures;
using PgDurable.TestKit;

namespace PgDurable.Dashboard.Tests;

/// <summary>Writes the pictures of the documentation.</summary>
[Collection(DashboardCollection.Name)]
public sealed class ScreenshotTests(DashboardFixture fixture)
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "docs", "images");

    [ScreenshotsFact]
    public async Task Workloads_AtWork_LookLikeThis()
    {
        Directory.CreateDirectory(Folder);
        await using var seed = await WorkloadsSeed.MakeAsync(fixture);
        var approval = $"/instances/{seed.Instances["order-approval"]}";
        await TakeAsync(seed, "overview", "");
        await TakeAsync(seed, "instances", "/instances");
        await TakeAsync(seed, "instance", approval);
        await TakeAsync(seed, "instance-dark", approval, ColorScheme.Dark);
        await TakeAsync(seed, "instance-phone", approval, width: 390);
        await TakeAsync(seed, "workflow", "/workflow?name=order-approval");
        foreach (var (name, id) in seed.Instances)
            await TakeAsync(seed, $"workload-{name}", $"/instances/{id}");
    }

    private async Task TakeAsync(WorkloadsSeed seed, string name, string path, ColorScheme scheme = ColorScheme.Light, int width = 1440)
    {
        await using var visit = await fixture.VisitAsync(seed.Tenant.Person, scheme, width);
        await visit.OpenAsync(DashboardHost.Main + path);
        var picture = await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png") });
        Assert.InRange(picture.Length, 5_000, 150_000);
    }
}

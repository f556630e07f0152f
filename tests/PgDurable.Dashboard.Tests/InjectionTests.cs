using PgDurable.Dashboard.Tests.Fixtures;

namespace PgDurable.Dashboard.Tests;

/// <summary>What users write is shown as text, wherever it is.</summary>
[Collection(DashboardCollection.Name)]
public sealed class InjectionTests(DashboardFixture fixture)
{
    private const string Hostile = "\"><script>window.hacked=1</script><img src=x onerror=window.hacked=1>'";

    // A role's name has at most 63 bytes.
    private const string HostileRole = "\"><script>window.hacked=1</script><img src=x onerror=hacked=1>";

    [Fact]
    public async Task Screens_OfHostileTexts_ShowThemAsText()
    {
        var tenant = await fixture.TenantAsync(HostileRole);
        var seed = await Seed.MakeAsync(tenant, Hostile);
        await using var visit = await fixture.VisitAsync(tenant.Person with { Name = Hostile });
        foreach (var screen in seed.Screens)
        {
            await visit.OpenAsync(DashboardHost.Main + screen);
            var shown = await visit.TextAsync("body");
            Assert.Contains(HostileRole, shown, StringComparison.Ordinal);
            if (screen is not ("" or "/workers"))
                Assert.Contains(Hostile, shown, StringComparison.Ordinal);
            await IsCleanAsync(visit);
        }

        // What a live page gets is drawn by its script.
        await visit.OpenAsync($"{DashboardHost.Main}/instances/{seed.Waiting}");
        await tenant.TextAsync("SELECT df.cancel($1, $2)", seed.Waiting, Hostile);
        await visit.UntilAsync("#now", Hostile);
        await IsCleanAsync(visit);
    }

    [Fact]
    public async Task Messages_ThatRepeatWhatWasAskedFor_ShowItAsText()
    {
        var (tenant, _) = await fixture.ShopAsync();
        await using var visit = await fixture.VisitAsync(tenant.Person);
        var text = Uri.EscapeDataString(Hostile);
        foreach (var (path, status) in new[]
        {
            ($"/instances?q={text}", 400), ($"/instances?q={Uri.EscapeDataString("label:")}{text}", 400), ($"/instances/{text}", 404),
            ($"/workflow?name={text}", 404), ("/workflow?name=bookshop&version=99999999999999&against=x&node=zz", 200),
            ($"/instances?after={text}", 400), ("/audit?before=-1", 200), ($"/instances?q=status:%00", 400),
        })
        {
            Assert.True(await visit.GoAsync(DashboardHost.Main + path) == status, $"{path}: {visit.Status} {await visit.TextAsync()}");
            await IsCleanAsync(visit);
        }
    }

    [Fact]
    public async Task Page_WithAScriptInIt_DoesNotRunIt()
    {
        var (tenant, seed) = await fixture.ShopAsync();
        var visit = await fixture.VisitAsync(tenant.Person);
        await visit.OpenAsync($"{DashboardHost.Main}/instances/{seed.Waiting}");

        await visit.Page.EvaluateAsync(
            """
            () => {
                const script = document.createElement('script');
                script.textContent = 'window.hacked = 1';
                document.body.append(script);
                document.body.insertAdjacentHTML('beforeend', '<button id="x" onclick="window.hacked = 1">x</button>');
                document.getElementById('x').click();
            }
            """);

        await IsCleanAsync(visit);
        Assert.NotEmpty(visit.Errors);
        Assert.All(visit.Errors, error => Assert.Contains("Content Security Policy", error, StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => visit.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task Answers_OfAllKinds_HaveTheHeaders()
    {
        var (tenant, seed) = await fixture.ShopAsync();
        using var client = fixture.Client(tenant.Person);
        var page = $"{DashboardHost.Main}/instances/{seed.Completed}";
        var token = await Form.TokenAsync(client, page);
        using var stream = new HttpRequestMessage(HttpMethod.Get, page) { Headers = { { "Accept", "text/event-stream" } } };
        foreach (var (status, answer) in new[]
        {
            (200, await client.GetAsync(page)), (404, await client.GetAsync(DashboardHost.Main + "/instances/none")),
            (400, await client.GetAsync(DashboardHost.Main + "/instances?q=x:")), (200, await client.GetAsync(page + "/value?of=input")),
            (404, await client.GetAsync(page + "/value?of=nothing")), (403, await client.GetAsync(DashboardHost.Closed)),
            (404, await client.GetAsync(DashboardHost.Main + "/assets/none")),
            (200, await client.GetAsync(DashboardHost.Main + "/assets/icon.svg")),
            (400, await client.PostAsync(page + "/tag", Form.With("wrong", []))),
            (303, await client.PostAsync(page + "/tag", Form.With(token, new() { ["key"] = "seen", ["value"] = "" }))),
            (200, await client.SendAsync(stream, HttpCompletionOption.ResponseHeadersRead)),
        })
        {
            using var _ = answer;
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        }
    }

    private static async Task IsCleanAsync(Visit visit)
    {
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.hacked === undefined"));
        Assert.Equal(0, await visit.Page.Locator("main script[src=x], main img, header img[src=x]").CountAsync());
    }
}

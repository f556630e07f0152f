using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using PgDurable.TestKit;

namespace PgDurable.Dashboard.Tests.Fixtures;

/// <summary>A PostgreSQL with a worker, an application with the dashboard, and a browser.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private WebApplication _host = null!;
    private IBrowser _browser = null!;
    private Task<(Tenant, Seed)>? _shop;

    public PgCluster Cluster { get; private set; } = null!;

    /// <summary>Where the application is, without a slash at its end.</summary>
    public string Address => _host.Urls.First();

    public async Task InitializeAsync()
    {
        Cluster = await PgCluster.StartAsync(new()
        {
            Worker = true,
            Settings = new Dictionary<string, string>
            {
                ["pg_durable.http_allowed_hosts"] = "127.0.0.1",
                ["pg_durable.http_allow_private_addresses"] = "on",
            },
        });
        await Cluster.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_durable; CREATE ROLE web LOGIN NOINHERIT");
        _host = await DashboardHost.StartAsync(Cluster.ConnectionString(user: "web", pooling: true));
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
            Timeout = 30_000,
        });
    }

    /// <summary>A role with something of everything, for the tests that only look.</summary>
    internal Task<(Tenant Tenant, Seed Seed)> ShopAsync() => _shop ??= MakeShopAsync();

    /// <summary>A role of a test's own that may use pg_durable, and that the application may act as.</summary>
    internal async Task<Tenant> TenantAsync(string? name = null)
    {
        var tenant = new Tenant(Cluster, name ?? "t" + Guid.NewGuid().ToString("N")[..12]);
        await Cluster.ExecuteAsync($"CREATE ROLE {Tenant.Quote(tenant.Role)}; GRANT {Tenant.Quote(tenant.Role)} TO web");
        await tenant.AllowAsync();
        return tenant;
    }

    /// <summary>A browser's window that a person has opened.</summary>
    internal async Task<Visit> VisitAsync(Person person, ColorScheme scheme = ColorScheme.Light, int width = 1440, bool scripts = true)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = Address,
            ExtraHTTPHeaders = person.Headers,
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            ViewportSize = new() { Width = width, Height = 900 },
        });
        context.SetDefaultTimeout(10_000);
        return new(context, await context.NewPageAsync());
    }

    /// <summary>A client that follows no redirections.</summary>
    internal HttpClient Client(Person person)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new(Address),
            Timeout = TimeSpan.FromSeconds(10),
        };
        foreach (var (name, value) in person.Headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    private async Task<(Tenant, Seed)> MakeShopAsync()
    {
        var tenant = await TenantAsync("shop");
        return (tenant, await Seed.MakeAsync(tenant, "bookshop"));
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _host.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class DashboardCollection : ICollectionFixture<DashboardFixture>
{
    public const string Name = "dashboard";
}

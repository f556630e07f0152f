using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Samples;

namespace PgDurable.Dashboard.Tests.Fixtures;

/// <summary>The five workloads of samples/Workloads, each at work.</summary>
internal sealed class WorkloadsSeed : IAsyncDisposable
{
    private const string Tables =
        """
        CREATE SCHEMA store AUTHORIZATION store;
        ALTER ROLE store SET search_path = store;
        SET ROLE store;
        SET search_path = store;
        CREATE TABLE orders (order_id bigint, total numeric, status text DEFAULT 'new', note text, created_on date DEFAULT current_date);
        CREATE TABLE users (user_id bigint, created_on date DEFAULT current_date);
        CREATE TABLE daily_totals (day date, users bigint, orders bigint);
        CREATE TABLE inbox (batch_id bigint, key text, value text);
        CREATE TABLE staging (batch_id bigint, key text, value text);
        CREATE TABLE published (key text, value text CHECK (value <> 'POISON'));
        CREATE TABLE ingest_errors (batch_id bigint, sqlstate text, message text);
        CREATE TABLE chunks (id bigint, content text, embedding real[]);
        CREATE DOMAIN vector AS real[];
        INSERT INTO orders SELECT n, 20 * n FROM generate_series(1, 40) n;
        INSERT INTO users SELECT n FROM generate_series(1, 25) n;
        INSERT INTO inbox SELECT 7, 'sku-' || n % 90, 'value ' || n FROM generate_series(1, 100) n;
        INSERT INTO inbox VALUES (8, 'bad', 'poison'), (8, 'good', 'value');
        INSERT INTO chunks SELECT n, 'chunk ' || n FROM generate_series(1, 24) n;
        """;

    private readonly WebApplication _embedder;
    private readonly NpgsqlDataSource _dataSource;

    private WorkloadsSeed(WebApplication embedder, NpgsqlDataSource dataSource) => (_embedder, _dataSource) = (embedder, dataSource);

    public required Tenant Tenant { get; init; }

    public string Approval { get; private set; } = "";

    /// <summary>The names of the pictures, and the instances that they show.</summary>
    public Dictionary<string, string> Instances { get; } = [];

    public static async Task<WorkloadsSeed> MakeAsync(DashboardFixture fixture)
    {
        var tenant = await fixture.TenantAsync("store");
        await tenant.Cluster.ExecuteAsync($"ALTER ROLE store LOGIN; {Tables}");
        var seed = new WorkloadsSeed(
            await EmbedderAsync(), NpgsqlDataSource.Create(tenant.Cluster.ConnectionString(user: "store", pooling: true)))
        {
            Tenant = tenant,
        };
        await seed.StartAsync();
        return seed;
    }

    private async Task StartAsync()
    {
        var durable = new DurableClient(_dataSource);
        await using (var connection = await _dataSource.OpenConnectionAsync())
        {
            await PgDurableRegistration.RegisterAsync(
                connection,
                [OrderApproval.Definition, EmbedChunks.Definition, IngestBatch.Definition, BloatWatch.Definition, DailyTotals.Definition]);
        }

        // A day's work, so that lists and charts look like something.
        for (var order = 2; order <= 40; order++)
        {
            var options = new StartOptions { Label = $"order {order}", IdempotencyKey = $"order-{order}" };
            var run = await OrderApproval.StartAsync(durable, new(order), options);
            await Tenant.TextAsync("SELECT df.tag($1, 'customer', 'c-' || $2::int % 9)", run.InstanceId, $"{order}");
            if (order < 36)
                await OrderApproval.SignalApprovalAsync(durable, run.InstanceId, new(order % 5 != 0, "jane"));
        }

        foreach (var batch in (long[])[7, 9, 10, 8])
            Instances["ingest-batch"] = (await IngestBatch.StartAsync(durable, new(batch), new() { Label = $"batch {batch}" })).InstanceId;
        Instances["daily-totals"] = (await DailyTotals.StartAsync(durable, new(DateOnly.FromDateTime(DateTime.UtcNow)))).InstanceId;
        Instances["bloat-watch"] = (await BloatWatch.StartAsync(durable, new($"{_embedder.Urls.First()}/webhook"))).InstanceId;
        Instances["embed-chunks"] = (await EmbedChunks.StartAsync(durable, new(_embedder.Urls.First(), "small", 8))).InstanceId;
        Instances["order-approval"] = (await OrderApproval.StartAsync(
            durable, new(1), new() { Label = "order 1", IdempotencyKey = "order-1" })).InstanceId;
        await Tenant.TextAsync("SELECT df.tag($1, '{\"customer\": \"c-1\", \"region\": \"north\"}'::jsonb)", Instances["order-approval"]);
        await Tenant.TextAsync("SELECT df.schedule('nightly totals', '30 2 * * *', 'daily-totals', input => '{\"day\": \"2026-01-01\"}')");
        await Tenant.WaitingAsync(Instances["order-approval"], "SIGNAL");
        await Tenant.WaitingAsync(Instances["bloat-watch"], "WAIT_SCHEDULE");
        await Tenant.WaitingAsync(Instances["embed-chunks"], "WAIT_SCHEDULE");
        await Tenant.EndAsync(Instances["daily-totals"], "completed");
        await Tenant.EndAsync(Instances["ingest-batch"], "completed");
    }

    public async ValueTask DisposeAsync()
    {
        await _embedder.DisposeAsync();
        await _dataSource.DisposeAsync();
    }

    private static async Task<WebApplication> EmbedderAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        var app = builder.Build();
        app.UseRouting();
        app.MapPost("/embeddings", () => Results.Text("""{"data": [{"embedding": [0.25, 0.5, 0.75]}]}""", "application/json"));
        app.MapPost("/webhook", () => Results.Ok());
        await app.StartAsync();
        return app;
    }
}

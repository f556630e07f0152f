using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Samples.Tests.Patterns;

/// <summary>A server with a worker and what samples/Patterns needs: its tables, its workflows, and some rows.</summary>
public sealed class PatternsServer : IAsyncLifetime
{
    private PgCluster _cluster = null!;
    private NpgsqlDataSource _dataSource = null!;

    internal OtherSystems Systems { get; private set; } = null!;

    public DurableClient Durable { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync(new()
        {
            Worker = true,
            Settings = new Dictionary<string, string>
            {
                ["pg_durable.http_allowed_hosts"] = "127.0.0.1",
                ["pg_durable.http_allow_private_addresses"] = "on",
            },
        });
        Systems = await OtherSystems.StartAsync();
        await _cluster.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples", "Patterns", "schema.sql")));
        _dataSource = NpgsqlDataSource.Create(_cluster.ConnectionString(user: "patterns", pooling: true));
        await using (var connection = await _dataSource.OpenConnectionAsync())
            await PgDurableRegistration.RegisterAsync(connection, global::Patterns.PgDurableWorkflows.All);
        Durable = new(_dataSource);
    }

    public Task ExecuteAsync(string sql) => _cluster.ExecuteAsync(sql);

    public Task<T> ScalarAsync<T>(string sql) => _cluster.ScalarAsync<T>(sql);

    /// <summary>kill -9</summary>
    public Task KillWorkerAsync() => _cluster.KillWorkerAsync();

    public async Task DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await Systems.DisposeAsync();
        await _cluster.DisposeAsync();
    }
}

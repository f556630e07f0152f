using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Testing.Tests.Conformance;

/// <summary>A real server, with the schema of the SDK, a worker in this process, and somebody who claims tasks.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    PgCluster _cluster = null!;
    IHost _worker = null!;
    readonly CancellationTokenSource _stop = new();
    Task _activities = Task.CompletedTask;

    public string ConnectionString => _cluster.ConnectionString("shop", "app");

    public Task<NpgsqlConnection> ConnectAsync() => _cluster.ConnectAsync("shop", "app");

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster
            .StartAsync(new() { Settings = new Dictionary<string, string> { ["shared_preload_libraries"] = "", ["fsync"] = "off" } });
        await _cluster.ExecuteAsync("CREATE ROLE app LOGIN");
        await _cluster.ExecuteAsync("CREATE DATABASE shop OWNER app");
        await using (var connection = await ConnectAsync())
        {
            await PgDurableSchema.InstallAsync(connection, CancellationToken.None);
            await using var table = new NpgsqlCommand("CREATE TABLE log (run text, place text, v int)", connection);
            await table.ExecuteNonQueryAsync();
        }
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddPgDurableWorker(options => options.ConnectionString = ConnectionString);
        _worker = builder.Build();
        await _worker.StartAsync();
        var activities = await ConnectAsync();
        _activities = Activities.RunAsync(activities, _stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _activities);
        _stop.Dispose();
        await _worker.StopAsync();
        _worker.Dispose();
        await _cluster.DisposeAsync();
    }

    /// <summary>Runs a scenario on the server, by a worker.</summary>
    public async Task<Observed> RunAsync(Scenario scenario) => (await RunAsync([scenario]))[0];

    /// <summary>
    /// Runs scenarios on the server, in parallel. A start and its initial signals commit together.
    /// </summary>
    public async Task<Observed[]> RunAsync(IReadOnlyList<Scenario> scenarios)
    {
        await using var connection = await ConnectAsync();
        var ids = new string[scenarios.Count];
        for (var i = 0; i < scenarios.Count; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var child in scenarios[i].Children)
                await ScalarAsync(connection, "SELECT df.register_workflow($1, $2)", child.Name, child.Graph.ToJson());
            ids[i] = (string)(await ScalarAsync(
                connection, "SELECT df.start_graph($1, input => $2::jsonb)", scenarios[i].GraphJson, scenarios[i].Input))!;
            foreach (var (name, data) in scenarios[i].Signals)
                await ScalarAsync(connection, "SELECT df.signal($1, $2, $3)", ids[i], name, data);
            await transaction.CommitAsync();
        }
        var observed = new Observed[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            await ScalarAsync(connection, "SELECT df.await_instance($1, 60)", ids[i]);
            observed[i] = Observed.Of((string)(await ScalarAsync(connection, "SELECT df.export_history($1)::text", ids[i]))!);
        }
        return observed;
    }

    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, params string[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}

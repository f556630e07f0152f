using Npgsql;

namespace PgDurable.Worker.Tests.Hosting;

/// <summary>
/// A server that has the module loaded for one database, and an application that hosts a worker in another one. The application's role
/// is not allowed to read the module's settings that only superusers may see.
/// </summary>
public sealed class BesideExtensionTests : IAsyncLifetime
{
    PgCluster _cluster = null!;
    NpgsqlConnection _app = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync();
        await _cluster.ExecuteAsync("CREATE ROLE app LOGIN");
        await _cluster.ExecuteAsync("CREATE DATABASE shop OWNER app");
        _app = await _cluster.ConnectAsync("shop", "app");
        await PgDurableSchema.InstallAsync(_app, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData("'SELECT 42 AS answer'", "completed", "")]
    [InlineData("df.http('http://127.0.0.1:9/', 'GET')", "failed", DurableErrorCodes.HttpNotAllowed)]
    public async Task Worker_OfAnOrdinaryRole_RunsItsInstances(string graph, string status, string sqlState)
    {
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString("shop", "app"));

        var id = await ScalarAsync($"SELECT df.start({graph})");

        Assert.Equal(status, await ScalarAsync($"SELECT df.await_instance('{id}')"));
        Assert.Equal(sqlState, await ScalarAsync($"SELECT COALESCE(df.error('{id}')::json ->> 'sqlstate', '')"));
    }

    private async Task<string> ScalarAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _app);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}

using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PgDurable.Worker.Tests.Hosting;

/// <summary>A worker whose connection string leads to PgBouncer, which shares a server's sessions between transactions.</summary>
public sealed class PoolerTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pgd-pooler-").FullName;
    private PgCluster _cluster = null!;
    private Process? _pooler;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync(new() { Settings = new Dictionary<string, string> { ["shared_preload_libraries"] = "" } });
        await _cluster.ExecuteAsync("CREATE ROLE app LOGIN");
        await _cluster.ExecuteAsync("CREATE DATABASE shop OWNER app");
        await using var app = await _cluster.ConnectAsync("shop", "app");
        await PgDurableSchema.InstallAsync(app, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _pooler?.Kill(entireProcessTree: true);
        _pooler?.Dispose();
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("options, extra_float_digits")]
    public async Task Worker_BehindAPooler_SaysSoOnceAndStops(string ignored)
    {
        var connectionString = await StartPoolerAsync(ignored);
        await using var worker = await HostedWorker.StartAsync(connectionString);

        await Poll.UntilAsync("the worker has stopped", () => Task.FromResult(worker.Log.Any(
            line => line.Contains("this worker has stopped", StringComparison.Ordinal))));

        var said = Assert.Single(worker.Log, line => line.Contains("stopped", StringComparison.Ordinal));
        Assert.Contains("pooler", said, StringComparison.Ordinal);
        Assert.True(worker.IsRunning);
        await using var source = NpgsqlDataSource.Create(_cluster.ConnectionString("shop", "app"));
        var collection = new ServiceCollection().AddLogging().AddSingleton(source);
        collection.AddHealthChecks().AddPgDurable();
        await using var services = collection.BuildServiceProvider();
        var health = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
    }

    private async Task<string> StartPoolerAsync(string ignored)
    {
        var server = new NpgsqlConnectionStringBuilder(_cluster.ConnectionString("shop", "app"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "pgbouncer.ini"),
            $"""
             [databases]
             shop = host={server.Host} port={server.Port}
             [pgbouncer]
             listen_addr =
             listen_port = {server.Port}
             unix_socket_dir = {_folder}
             auth_type = trust
             auth_file = {_folder}/users
             pool_mode = transaction
             ignore_startup_parameters = {ignored}
             """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "users"), "\"app\" \"\"\n");
        var start = new ProcessStartInfo("bash", ["-c",
            """
            set -e; run=$("$1/eng/pgbouncer.sh")
            if [ "$(id -u)" = 0 ]; then
                user=$(stat -c %U "$3"); chown -R "$user" "$2"
                exec runuser -u "$user" -- "$run" -q "$2/pgbouncer.ini"
            fi
            exec "$run" -q "$2/pgbouncer.ini"
            """,
            "bash", RepositoryRoot.Path, _folder, Path.Combine(_cluster.Folder, "data")]);
        _pooler = Process.Start(start)!;
        await Poll.UntilAsync("the pooler listens", () => Task.FromResult(
            File.Exists(Path.Combine(_folder, $".s.PGSQL.{server.Port}"))), TimeSpan.FromMinutes(2));
        server.Host = _folder;
        return server.ConnectionString;
    }
}

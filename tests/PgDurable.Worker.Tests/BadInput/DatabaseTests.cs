using Npgsql;

namespace PgDurable.Worker.Tests.BadInput;

/// <summary>A worker whose database is not there, or not ready.</summary>
public sealed class DatabaseTests : IAsyncLifetime
{
    PgCluster _cluster = null!;

    public Task InitializeAsync() => StartAsync("postgres");

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Worker_WithoutServerThenDatabaseThenExtension_ReportsEachOnceAndBegins()
    {
        await _cluster.DisposeAsync();
        await StartAsync("later");
        await _cluster.StopServerAsync();
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString("later"));
        await Poll.UntilAsync("the missing server is reported", () => Task.FromResult(Says(worker, "Failed to connect") == 1));
        await _cluster.StartServerAsync();
        await Poll.UntilAsync("the missing database is reported", () => Task.FromResult(Says(worker, "\"later\" does not exist") == 1));
        await _cluster.ExecuteAsync("CREATE DATABASE later");
        await Poll.UntilAsync("the missing extension is reported", () => Task.FromResult(Says(worker, "CREATE EXTENSION pg_durable") == 1));
        await _cluster.ExecuteAsync("CREATE EXTENSION pg_durable", "later");
        await Poll.UntilAsync("it runs", async () => await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.workers", "later") == 1);
        Assert.Equal(1, Says(worker, "\"later\" does not exist"));
        Assert.Equal(1, Says(worker, "CREATE EXTENSION pg_durable"));
        Assert.True(Says(worker, "Warning") <= 5, string.Join('\n', worker.Log));
    }

    [Fact]
    public async Task Worker_WithUnknownRole_ReportsItAndBeginsWhenItExists()
    {
        await _cluster.ExecuteAsync("CREATE EXTENSION pg_durable");
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString(user: "latecomer"));
        await Poll.UntilAsync("the missing role is reported", () => Task.FromResult(Says(worker, "\"latecomer\" does not exist") == 1));
        await _cluster.ExecuteAsync("CREATE ROLE latecomer LOGIN");
        await Poll.UntilAsync("what is missing now is reported", () => Task.FromResult(Says(worker, "Warning") >= 2));
        Assert.True(Says(worker, "superuser") + Says(worker, "permission denied for schema df") == 1, string.Join('\n', worker.Log));
        await _cluster.ExecuteAsync("ALTER ROLE latecomer SUPERUSER");
        await Poll.UntilAsync("it runs", async () => await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.workers") == 1);
    }

    [Fact]
    public async Task Extension_DroppedAndCreatedWhileTheWorkerRuns_IsUsedAgain()
    {
        await _cluster.ExecuteAsync("CREATE EXTENSION pg_durable");
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await _cluster.WorkerIdAsync();
        for (var round = 0; round < 2; round++)
        {
            await using (var user = await TestUser.CreateAsync(_cluster))
            {
                await using var gate = await Gate.CloseAsync(_cluster);
                await user.RunAsync("SELECT 1");
                // Also in the middle of a step.
                await user.StartAsync($"SELECT {gate.Pass}");
                await gate.WaitedForAsync();
                await using var drop = await _cluster.ConnectAsync();
                await using var command = new NpgsqlCommand("DROP EXTENSION pg_durable CASCADE", drop);
                await command.ExecuteNonQueryAsync();
                await gate.OpenAsync();
            }
            await Poll.UntilAsync("the worker notices", () =>
                Task.FromResult(worker.Log.Any(line => line.Contains("CREATE EXTENSION pg_durable", StringComparison.Ordinal))));
            Assert.False(await _cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'df')"));
            await _cluster.ExecuteAsync("CREATE EXTENSION pg_durable");
            await _cluster.WorkerIdAsync();
        }
        await using var last = await TestUser.CreateAsync(_cluster);
        await last.RunAsync("SELECT 1");
    }

    async Task StartAsync(string database) =>
        _cluster = await PgCluster.StartAsync(new() { Settings = new Dictionary<string, string> { ["pg_durable.database"] = database } });

    static int Says(HostedWorker worker, string text) => worker.Log.Count(line => line.Contains(text, StringComparison.Ordinal));
}

using Npgsql;

namespace PgDurable.Worker.Tests.Maintenance;

/// <summary>DROP EXTENSION and CREATE EXTENSION beside a worker of the server's.</summary>
public sealed class DropTests
{
    [Theory]
    [InlineData("")]
    [InlineData("CASCADE")]
    public async Task Extension_Dropped_LeavesNothingAndIsReadyAgainOnceCreated(string cascade)
    {
        await using var cluster = await Clusters.WithExtensionAsync(worker: true, ("log_connections", "on"));
        await using var user = await TestUser.CreateAsync(cluster);
        await user.RunAsync("SELECT 1 AS n");
        await ScheduleAsync(user);
        var worker = await cluster.WorkerPidAsync();
        // It may have been there before the extension was.
        var said = await SaysAsync(cluster);

        await cluster.ExecuteAsync("DROP EXTENSION pg_durable " + cascade);

        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname IN ('df', '_duroxide')"));
        // Sessions that were there before go on, and are told what is missing.
        Assert.Equal(1, await user.ScalarAsync<int>("SELECT 1"));
        var error = await Assert.ThrowsAsync<PostgresException>(() => user.StartAsync("SELECT 1"));
        Assert.Equal("3F000", error.SqlState);
        // The worker keeps looking, and says so once.
        var looks = await LooksAsync(cluster);
        await Poll.UntilAsync("the worker has looked again three times", async () => await LooksAsync(cluster) >= looks + 3);
        Assert.Equal(said + 1, await SaysAsync(cluster));
        Assert.Equal(worker, cluster.WorkerPid);
        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname IN ('df', '_duroxide')"));

        await cluster.ExecuteAsync("CREATE EXTENSION pg_durable");
        await cluster.WorkerIdAsync();
        await cluster.ExecuteAsync($"SELECT df.grant_usage({TestUser.Literal(user.Role)})");
        await user.RunAsync("SELECT 2 AS n");
        Assert.Equal(0L, await user.ScalarAsync<long>("SELECT count(*) FROM df.schedules"));
        await ScheduleAsync(user);
        Assert.Equal(worker, cluster.WorkerPid);
    }

    static async Task ScheduleAsync(TestUser user)
    {
        await user.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await user.ExecuteAsync("SELECT df.schedule('s', '@yearly', 'w')");
        await Poll.UntilAsync(
            "a worker has seen the schedule", () => user.ScalarAsync<bool>("SELECT next_run IS NOT NULL FROM df.schedules"));
    }

    static async Task<int> LooksAsync(PgCluster cluster) => Count(await cluster.LogAsync(), "application_name=pg_durable:worker:");

    static async Task<int> SaysAsync(PgCluster cluster) => Count(await cluster.LogAsync(), "CREATE EXTENSION pg_durable in it");

    static int Count(string log, string text) => log.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}

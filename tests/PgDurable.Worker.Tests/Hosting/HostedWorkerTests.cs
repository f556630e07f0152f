namespace PgDurable.Worker.Tests.Hosting;

/// <summary>The worker in an application's host.</summary>
public sealed class HostedWorkerTests : IAsyncLifetime
{
    PgCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Clusters.WithExtensionAsync(worker: false);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Stop_RunningStepFinishes_AndTheNextHostGoesOn()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await using var gate = await Gate.CloseAsync(_cluster);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (step int)");
        await using var first = await HostedWorker.StartAsync(_cluster.ConnectionString());
        var worker = await _cluster.WorkerIdAsync();
        var id = await user.StartAsync(Graphs.Sequence(
            $"INSERT INTO {user.Schema}.t SELECT 1 FROM (SELECT {gate.Pass}) g", $"INSERT INTO {user.Schema}.t VALUES (2)",
            $"INSERT INTO {user.Schema}.t VALUES (3)"));
        await gate.WaitedForAsync();

        var stopping = first.StopAsync();
        await Poll.UntilAsync("it stops", () => Task.FromResult(first.Log.Any(line => line.Contains("stops", StringComparison.Ordinal))));
        Assert.False(stopping.IsCompleted);
        await gate.OpenAsync();
        await stopping;

        Assert.Equal(1L, await user.CountAsync("t"));
        Assert.Equal("running", await user.ScalarAsync<string>("SELECT df.status($1)", id));
        Assert.Equal(0L, await _cluster.ScalarAsync<long>(
            "SELECT (SELECT count(*) FROM df.workers) + (SELECT count(*) FROM df.queue WHERE worker_id IS NOT NULL)"));

        await using var second = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await user.ResultAsync(id);
        Assert.Equal(3L, await user.CountAsync("t"));
        Assert.Equal($"{worker},other,other", await user.ScalarAsync<string>(
            $"SELECT string_agg(CASE worker WHEN {worker} THEN worker::text ELSE 'other' END, ',' ORDER BY finished_at) "
                + "FROM df.history($1)", id));
    }

    [Fact]
    public async Task Stop_StepTakesTooLong_IsRolledBackAndRunsAgain()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await using var gate = await Gate.CloseAsync(_cluster);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (step int)");
        await using var first = await HostedWorker.StartAsync(_cluster.ConnectionString(), o => o.ShutdownTimeout = TimeSpan.Zero);
        var id = await user.StartAsync($"INSERT INTO {user.Schema}.t SELECT 1 FROM (SELECT {gate.Pass}) g");
        await gate.WaitedForAsync();

        await first.StopAsync();
        Assert.Equal(0L, await gate.WaitingAsync());

        await gate.OpenAsync();
        await using var second = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await user.ResultAsync(id);
        Assert.Equal(1L, await user.CountAsync("t"));
    }
}

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Steps that find no free connection wait for their turn.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private PgCluster _cluster = null!;
    private HostedWorker _worker = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.WithExtensionAsync(worker: false, ("pg_durable.execution_acquire_timeout", "1"));
        _worker = await HostedWorker.StartAsync(_cluster.ConnectionString(), options => options.MaxConcurrentSteps = 1);
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Step_NoConnectionFree_WaitsAsLongAsItTakes()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await using var gate = await Gate.CloseAsync(_cluster);
        var first = await user.StartAsync($"SELECT {gate.Pass}");
        await gate.WaitedForAsync();
        // Longer than the time after which it once failed.
        var second = await user.StartAsync($"SELECT clock_timestamp() - now() < interval '1 day' AS ran");
        await user.ScalarAsync<string>("SELECT pg_sleep(1.5)::text");
        Assert.Contains(await user.ScalarAsync<string>("SELECT df.status($1)", second), (string[])["pending", "running"]);
        Assert.Equal(1, await gate.WaitingAsync());

        // Another role has a right to a connection of its own.
        await using var other = await TestUser.CreateAsync(_cluster);
        await other.RunAsync("SELECT 1 AS served");

        await gate.OpenAsync();
        await user.ResultAsync(first);
        await user.ResultAsync(second);
    }

    [Fact]
    public async Task RunningSteps_OfARoleWithALimit_AreNoMore()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await _cluster.ExecuteAsync($"SELECT df.set_limit('{user.Role}', 'running_steps', 2)");
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString(), options => options.MaxConcurrentSteps = 8);
        await _worker.StopAsync();
        await using var gate = await Gate.CloseAsync(_cluster);
        await user.ExecuteAsync($"SELECT df.start('SELECT {gate.Pass}') FROM generate_series(1, 6)");
        await gate.WaitedForAsync(2);
        await using var other = await TestUser.CreateAsync(_cluster);
        for (var i = 0; i < 5; i++)
            await other.RunAsync("SELECT 1 AS served");
        Assert.Equal(2, await gate.WaitingAsync());
        await gate.OpenAsync();
        await Poll.UntilAsync(
            "all have run", async () => await user.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE status = 'completed'") == 6);
    }

    // A step's commit takes the next statement with it, which may be another instance's. To stop that statement can hit the commit.
    [Fact]
    public async Task Commit_TheStatementThatTravelsWithItIsCancelled_IsTriedAgain()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await using var statement = await Gate.CloseAsync(_cluster);
        await using var commit = await Gate.CloseAsync(_cluster);
        await user.ExecuteAsync(
            $"""
             CREATE SEQUENCE {user.Schema}.commits;
             CREATE TABLE {user.Schema}.t (a int);
             CREATE FUNCTION {user.Schema}.f() RETURNS trigger LANGUAGE plpgsql AS
                 $f$ BEGIN PERFORM nextval('{user.Schema}.commits'), {commit.Pass}; RETURN NULL; END $f$;
             CREATE CONSTRAINT TRIGGER t AFTER INSERT ON {user.Schema}.t DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION {user.Schema}.f()
             """);
        var committed = await user.StartAsync($"INSERT INTO {user.Schema}.t SELECT 1 WHERE {statement.Pass} IS NOT NULL");
        await statement.WaitedForAsync();
        var cancelled = await user.StartAsync("SELECT 1 AS cancelled");
        await user.RunningAsync(cancelled);
        await statement.OpenAsync();
        await commit.WaitedForAsync();

        await user.ExecuteAsync("SELECT df.cancel($1)", cancelled);

        await Poll.UntilAsync("it commits again, or has failed", async () =>
            await user.ScalarAsync<long>($"SELECT last_value FROM {user.Schema}.commits") > 1
            || await user.ScalarAsync<string>("SELECT df.status($1)", committed) == "failed");
        await commit.OpenAsync();
        await user.ResultAsync(committed);
        Assert.Equal("cancelled", await user.EndAsync(cancelled));
        Assert.Equal(1L, await user.CountAsync("t"));
    }
}

namespace PgDurable.Worker.Tests.Fairness;

/// <summary>A worker that has no room hears of what is new, and lets go of what only waits.</summary>
public sealed class FullWorkerTests : IAsyncLifetime
{
    PgCluster _cluster = null!;
    HostedWorker _worker = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.WithExtensionAsync(worker: false, ("fsync", "off"), ("pg_durable.reconcile_interval", "1"));
        _worker = await HostedWorker.StartAsync(_cluster.ConnectionString(), options => options.MaxConcurrentSteps = 2);
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Signals_OfOtherNamesToAllInHand_KeepNobodyFromGettingOn()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await user.ExecuteAsync("SELECT df.start(df.wait_for_signal('go')) FROM generate_series(1, 40)");
        using var over = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            await using var session = await user.ConnectAsync();
            await using var command = new Npgsql.NpgsqlCommand(
                "SELECT df.signal(id, 'other', '1') FROM df.instances WHERE status = 'running' LIMIT 20", session);
            for (var i = 0; i < 30 && !over.IsCancellationRequested; i++)
                await command.ExecuteNonQueryAsync();
        })).ToArray();
        await user.ExecuteAsync("SELECT df.signal(id, 'go', '1') FROM df.instances");
        await Poll.UntilAsync(
            "all have got their signal", async () => await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.queue") == 0);
        await over.CancelAsync();
        await Task.WhenAll(senders);
        await Poll.UntilAsync("no hint is left", async () => await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.wakeups") == 0);
        await user.RunAsync("SELECT 1 AS later");
    }

    [Fact]
    public async Task Signal_BeforeTheWaitWhileABranchRuns_IsTaken()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await using var gate = await Gate.CloseAsync(_cluster);
        await using var before = await Gate.CloseAsync(_cluster);
        var id = await user.StartGraphAsync(
            $"df.join('SELECT {gate.Pass}', df.seq('SELECT {before.Pass}', df.seq(df.wait_for_signal('early'), "
                + $"'CREATE TABLE {user.Schema}.got ()')))");
        await gate.WaitedForAsync();
        await before.WaitedForAsync();
        await user.ExecuteAsync("SELECT df.signal($1, 'early', '1')", id);
        await Poll.UntilAsync("the hint is used up", async () => await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.wakeups") == 0);
        await before.OpenAsync();
        await Poll.UntilAsync(
            "the signal is taken", async () => await user.ScalarAsync<bool>("SELECT to_regclass($1) IS NOT NULL", $"{user.Schema}.got"));
        await gate.OpenAsync();
        await user.ResultAsync(id);
    }

    [Fact]
    public async Task Wait_OfARoleThatIsGone_EndsWithTheReason()
    {
        var user = await TestUser.CreateAsync(_cluster);
        var id = await user.StartGraphAsync("df.wait_for_signal('never')");
        await user.WaitingAsync(id, "SIGNAL");
        await user.DisposeAsync();
        await _cluster.ExecuteAsync($"SELECT df.revoke_usage('{user.Role}'); DROP OWNED BY {user.Role}; DROP ROLE {user.Role}");
        await Poll.UntilAsync("it has failed", async () => await _cluster.ScalarAsync<bool>(
            $"SELECT EXISTS (SELECT FROM df.outcomes o JOIN df.submissions s USING (instance_no) WHERE s.id = '{id}' "
                + "AND o.error ->> 'sqlstate' = 'DF010')"));
    }

    [Fact]
    public async Task Tables_LockedForAWhile_OnlyDelay()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        var sleeping = await user.StartGraphAsync("df.seq(df.sleep(1), 'SELECT 1 AS a')");
        await user.WaitingAsync(sleeping, "SLEEP");
        await using (var locker = await _cluster.ConnectAsync())
        {
            foreach (var sql in (string[])["BEGIN", "LOCK TABLE df.queue, df.wakeups, df.pauses, df.workers IN ACCESS EXCLUSIVE MODE",
                "SELECT pg_sleep(2.5)", "ROLLBACK"])
            {
                await using var command = new Npgsql.NpgsqlCommand(sql, locker);
                await command.ExecuteNonQueryAsync();
            }
        }
        await user.ResultAsync(sleeping);
        await user.RunAsync("SELECT 1 AS later");
        Assert.Equal(1, await _cluster.ScalarAsync<int>("SELECT max(worker_id) FROM df.workers"));
    }

    [Fact]
    public async Task Loops_ThatWaitForNothing_GoRoundOnceASecond()
    {
        await using var user = await TestUser.CreateAsync(_cluster);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (kind text, at timestamptz DEFAULT clock_timestamp())");
        string Insert(string kind) => $"'INSERT INTO {user.Schema}.t VALUES (''{kind}'')'";
        await user.StartGraphAsync($"df.loop({Insert("plain")})");
        await user.StartGraphAsync($"df.loop({Insert("condition")}, 'SELECT true')");
        await user.StartGraphAsync($"df.loop(df.seq({Insert("sleep")}, df.sleep(0)))");
        await Poll.UntilAsync("each has gone round three times", async () => await _cluster.ScalarAsync<long>(
            $"SELECT count(*) FROM (SELECT FROM {user.Schema}.t GROUP BY kind HAVING count(*) >= 3) k") == 3);
        Assert.Equal("", await _cluster.ScalarAsync<string>(
            $"""
             SELECT coalesce(string_agg(DISTINCT kind, ' '), '')
               FROM (SELECT kind, at - lag(at) OVER (PARTITION BY kind ORDER BY at) AS pause FROM {user.Schema}.t) p
              WHERE pause < interval '0.7 s'
             """));
    }
}

namespace PgDurable.Worker.Tests.Crash;

/// <summary>Workers that are silent, and connections that are lost, while others go on.</summary>
public sealed class TakeoverTests : IAsyncLifetime
{
    PgCluster _cluster = null!;
    TestUser _user = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.WithExtensionAsync(worker: false);
        _user = await TestUser.CreateAsync(_cluster);
        await _user.ExecuteAsync($"CREATE TABLE {_user.Schema}.t (step int, pid int)");
    }

    public async Task DisposeAsync()
    {
        await _user.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Worker_FrozenForTooLong_IsFencedWhenItWakesUp()
    {
        using var frozen = await WorkerProcess.StartAsync(_cluster);
        var first = await _cluster.WorkerIdAsync();
        await using var gate = await Gate.CloseAsync(_cluster);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add(await _user.StartAsync(Graphs.Sequence(Insert(1, gate), Insert(2))));
        await gate.WaitedForAsync(5);

        frozen.Signal("STOP");
        await using var second = await HostedWorker.StartAsync(_cluster.ConnectionString(), o =>
            (o.SilenceLimit, o.HeartbeatInterval, o.MaxConcurrentSteps) = (TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200), 5));
        await Poll.UntilAsync("the second worker has taken over", async () =>
            await _cluster.ScalarAsync<long>($"SELECT count(*) FROM df.workers WHERE worker_id = {first}") == 0);
        await gate.WaitedForAsync(10); // both run the same five steps now
        await gate.OpenAsync();
        foreach (var id in ids)
            await _user.ResultAsync(id);
        Assert.Equal(10L, await _user.CountAsync("t"));

        frozen.Signal("CONT");
        await Poll.UntilAsync("the first worker is back under another number", async () =>
            await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.workers") == 2);
        await Poll.UntilAsync("nothing of it is still under way", async () => await _cluster.SessionsAsync("state <> 'idle'") == 0);

        Assert.Equal(10L, await _user.CountAsync("t"));
        Assert.Equal(0L, await _cluster.ScalarAsync<long>($"SELECT count(*) FROM df.checkpoints WHERE worker_id = {first}"));
        await _user.ResultAsync(await _user.StartAsync(Insert(3)));
    }

    [Fact]
    public async Task Connections_TerminatedInTheMiddleOfSteps_StepsRunAgain()
    {
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await using var gate = await Gate.CloseAsync(_cluster);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add(await _user.StartAsync(Graphs.Sequence(Insert(1, gate), Insert(2))));
        await gate.WaitedForAsync(5);

        await TerminateAsync("workflow-sql");
        await gate.WaitedForAsync(5);
        Assert.Equal(0L, await _user.CountAsync("t"));
        // After a second death, such steps run one at a time.
        await TerminateAsync("management");
        await gate.WaitedForAsync(1);
        await TerminateAsync("poll");
        await gate.WaitedForAsync(1);
        await gate.OpenAsync();

        foreach (var id in ids)
            await _user.ResultAsync(id);
        Assert.Equal(10L, await _user.CountAsync("t"));
    }

    [Fact]
    public async Task Step_ThatLosesItsConnectionEveryTime_FailsAfterAWhile()
    {
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString());
        // What a crash of its backend looks like to the step.
        await _cluster.ExecuteAsync(
            "CREATE FUNCTION public.suicide() RETURNS boolean LANGUAGE sql SECURITY DEFINER "
                + "AS 'SELECT pg_terminate_backend(pg_backend_pid())'");

        var error = await _user.FailAsync(Graphs.Sequence(Insert(1), "SELECT public.suicide()", Insert(2)));

        Assert.Equal("08006", error.GetProperty("sqlstate").GetString());
        Assert.Equal(1L, await _user.CountAsync("t"));
        await _user.ResultAsync(await _user.StartAsync(Insert(3)));
    }

    [Fact]
    public async Task Worker_KilledWhileACancellationIsUncommitted_OthersAreTakenOver()
    {
        var other = await TestUser.CreateAsync(_cluster);
        await using var gate = await Gate.CloseAsync(_cluster);
        using var killed = await WorkerProcess.StartAsync(_cluster);
        var id = await _user.StartAsync($"SELECT {gate.Pass}");
        var others = await other.StartAsync(Graphs.Sequence($"SELECT {gate.Pass}", "SELECT 1"));
        await gate.WaitedForAsync(2);
        await _user.ExecuteAsync("BEGIN");
        await _user.ScalarAsync<string>("SELECT df.cancel($1)", id);
        killed.Kill();

        await using var next = await HostedWorker.StartAsync(_cluster.ConnectionString());
        await gate.OpenAsync();

        await other.ResultAsync(others);
        await _user.ExecuteAsync("COMMIT");
        Assert.Equal("cancelled", await _user.EndAsync(id));
        await other.DisposeAsync();
    }

    string Insert(int step, Gate? gate = null) => gate is null
        ? $"INSERT INTO {_user.Schema}.t VALUES ({step}, pg_backend_pid())"
        : $"INSERT INTO {_user.Schema}.t SELECT {step}, pg_backend_pid() FROM (SELECT {gate.Pass}) g";

    async Task TerminateAsync(string purpose)
    {
        int[] pids = [];
        // What ended with the sessions before may be on its way back.
        await Poll.UntilAsync($"there is a {purpose} session", async () => (pids = await _cluster.ScalarAsync<int[]>(
            "SELECT COALESCE(array_agg(pid), '{}') FROM pg_stat_activity "
                + $"WHERE application_name = 'pg_durable:worker:{purpose}'")).Length > 0);
        await _cluster.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM unnest('{{{string.Join(',', pids)}}}'::int[]) pid");
        await Poll.UntilAsync("the sessions are gone", async () =>
            await _cluster.ScalarAsync<long>(
                $"SELECT count(*) FROM pg_stat_activity WHERE pid = ANY ('{{{string.Join(',', pids)}}}')") == 0);
    }
}

using Npgsql;

namespace PgDurable.Worker.Tests.Operations;

/// <summary>
/// Connections that die without a word, administrators' settings, and steps that don't want to end, with a worker in an application.
/// </summary>
public sealed partial class ConnectionTests(WorkerlessServer fixture) : IClassFixture<WorkerlessServer>
{
    PgCluster Cluster => fixture.Cluster;

    [Theory]
    [InlineData("workflow-sql")]
    [InlineData("management")]
    [InlineData("record")]
    [InlineData("watch")]
    [InlineData("poll")]
    [InlineData("idle")]
    public async Task Path_ThatDropsEverything_IsNoticedAndTheStepRunsAgain(string purpose)
    {
        await using var user = await TestUser.CreateAsync(Cluster);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (n int)");
        await using var gate = await Gate.CloseAsync(Cluster);
        var (proxy, through) = Proxy();
        await using var _ = proxy;
        await using var worker = await HostedWorker.StartAsync(through, o => o.DeadConnectionLimit = TimeSpan.FromSeconds(4));
        var id = await user.StartAsync(Graphs.Sequence(
            $"INSERT INTO {user.Schema}.t SELECT 1 FROM (SELECT {gate.Pass}) g", $"INSERT INTO {user.Schema}.t VALUES (2)"));
        await gate.WaitedForAsync();

        var ports = await Cluster.ScalarAsync<int[]>(
            $"SELECT array_agg(client_port) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:{purpose}'");
        proxy.Freeze(ports);
        await gate.OpenAsync();

        await user.ResultAsync(id);
        Assert.Equal(2L, await user.CountAsync("t"));
        await user.RunAsync("SELECT 1");
    }

    [Fact]
    public async Task Connections_OfAHostedWorker_Terminated_NeverEndTheHost()
    {
        await using var user = await TestUser.CreateAsync(Cluster);
        await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString());
        for (var round = 0; round < 15; round++)
        {
            var id = await user.StartAsync(Graphs.Sequence("SELECT 1", "SELECT 2"));
            var purpose = (string[])["management", "record", "watch", "poll", "idle"] is var all ? all[round % all.Length] : "";
            await Cluster.ExecuteAsync(
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:{purpose}'");
            await user.ResultAsync(id);
        }
        Assert.True(worker.IsRunning);
    }

    [Fact]
    public async Task Settings_OfTheDatabase_DoNothingToTheWorkersOwnWork()
    {
        string[] settings =
        [
            "idle_session_timeout = '200ms'", "idle_in_transaction_session_timeout = '200ms'",
            "default_transaction_isolation = 'serializable'", "lock_timeout = '1ms'", "search_path = 'nowhere'", "enable_seqscan = off",
            "log_statement = 'all'", "jit_above_cost = 0",
        ];
        await using var user = await TestUser.CreateAsync(Cluster);
        await user.ExecuteAsync("SELECT df.register_workflow('child', 'SELECT 1 AS n')");
        try
        {
            foreach (var setting in settings)
                await Cluster.ExecuteAsync($"ALTER DATABASE postgres SET {setting}");
            await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString());
            for (var i = 0; i < 3; i++)
            {
                await user.RunGraphToEndAsync("df.call('child') ~> df.sleep(1) ~> 'SELECT 1'");
                await user.FailAsync("SELECT 1/0");
            }
            Assert.Single(worker.Log, line => line.Contains("runs steps in database", StringComparison.Ordinal));
            Assert.DoesNotContain(worker.Log, line =>
                line.StartsWith("Warning", StringComparison.Ordinal) && !line.Contains("failed at step", StringComparison.Ordinal));
        }
        finally
        {
            await Cluster.ExecuteAsync("ALTER DATABASE postgres RESET ALL");
        }
    }

    [Fact]
    public async Task Database_ReadOnlyByDefault_DoesNothingToTheWorkersOwnWork()
    {
        await using var user = await TestUser.CreateAsync(Cluster);
        await using var before = await Cluster.ConnectAsync();
        try
        {
            await Cluster.ExecuteAsync("ALTER DATABASE postgres SET default_transaction_read_only = on");
            await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString());
            // Started with a session from before the setting. The step itself may well be refused: that is what psql would do.
            var id = await user.StartGraphAsync("df.sleep(0)");
            await user.ResultAsync(id);
        }
        finally
        {
            await using var reset = new NpgsqlCommand("ALTER DATABASE postgres RESET ALL", before);
            await reset.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Step_ThatDoesNotHeedACancel_IsEnded()
    {
        await using var user = await TestUser.CreateAsync(Cluster);
        await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString());
        const string stubborn =
            "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$";
        var id = await user.StartAsync(stubborn);
        await Poll.UntilAsync("it runs", async () => await Cluster.SessionsAsync("wait_event = 'PgSleep'") == 1);

        await user.ScalarAsync<string>("SELECT df.cancel($1, 'enough')", id);

        await Poll.UntilAsync(
            "its session is gone", async () => await Cluster.SessionsAsync("wait_event = 'PgSleep'") == 0, TimeSpan.FromSeconds(15));
        await user.RunAsync("SELECT 1");
    }

    [Fact]
    public async Task Step_CantOutliveItsWorker()
    {
        await using var user = await TestUser.CreateAsync(Cluster);
        using var worker = await WorkerProcess.StartAsync(Cluster);
        const string stubborn =
            "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$";
        await user.StartAsync(stubborn, key: "outlives");
        await Poll.UntilAsync("it runs", async () => await Cluster.SessionsAsync("wait_event = 'PgSleep'") == 1);
        foreach (var setting in (string[])["client_connection_check_interval", "tcp_user_timeout", "tcp_keepalives_idle"])
            Assert.Equal("42501", (await user.FailAsync($"SET {setting} = 0")).GetProperty("sqlstate").GetString());

        worker.Kill();

        await Poll.UntilAsync(
            "its session is gone", async () => await Cluster.SessionsAsync("wait_event = 'PgSleep'") == 0, TimeSpan.FromSeconds(10));
        await Cluster.ExecuteAsync("DELETE FROM df.queue");
    }

    [Fact]
    public async Task Log_OfWhateverFails_HasNoTextOfTheUsers()
    {
        await using var user = await TestUser.CreateAsync(Cluster);
        await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString());
        await user.FailAsync("SELECT 'hunter2'::int");
        await user.FailAsync(Graphs.Sequence("SELECT 'hunter2'", "SELECT 1/0 -- hunter2"));
        var id = await user.StartAsync("SELECT 'hunter2', pg_sleep(60)");
        await Poll.UntilAsync("it runs", async () => await Cluster.SessionsAsync("wait_event = 'PgSleep'") == 1);
        await user.ScalarAsync<string>("SELECT df.cancel($1, 'hunter2')", id);
        await user.EndAsync(id);

        Assert.Contains(worker.Log, line => line.Contains("failed at step SQL 0000000", StringComparison.Ordinal));
        Assert.DoesNotContain(worker.Log, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Role_ThatMayNotRunTheWorker_IsToldSoOnceAndTheServersLogStaysQuiet()
    {
        await Cluster.ExecuteAsync("CREATE ROLE nobody_special LOGIN");
        var before = (await Cluster.LogAsync()).Length;
        await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString(user: "nobody_special"));
        await Poll.UntilAsync(
            "it tries again", () => Cluster.ScalarAsync<bool>("SELECT sessions > 3 FROM pg_stat_database WHERE datname = 'postgres'"));
        await Poll.UntilAsync(
            "it says so", () => Task.FromResult(worker.Log.Any(line => line.Contains("is no superuser", StringComparison.Ordinal))));

        Assert.Single(worker.Log, line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.DoesNotContain("STATEMENT", (await Cluster.LogAsync())[before..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Function_ThatIsMissing_CostsNeitherTheSessionNorTheLog()
    {
        await using var user = await TestUser.CreateAsync(Cluster);
        await Cluster.ExecuteAsync("ALTER FUNCTION df._worker_schedules(oid, integer) RENAME TO _worker_schedules_gone");
        try
        {
            var before = (await Cluster.LogAsync()).Length;
            await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString());
            await Poll.UntilAsync("it says so", () => Task.FromResult(
                worker.Log.Any(line => line.Contains("schedules failed and is tried again: 42883", StringComparison.Ordinal))));
            for (var i = 0; i < 20; i++)
                await user.RunAsync("SELECT 1");

            Assert.Single(worker.Log, line => line.Contains("42883", StringComparison.Ordinal));
            Assert.Single(worker.Log, line => line.Contains("runs steps in database", StringComparison.Ordinal));
            Assert.InRange((await Cluster.LogAsync())[before..].Split("ERROR:").Length - 1, 1, 12);
        }
        finally
        {
            await Cluster.ExecuteAsync("ALTER FUNCTION df._worker_schedules_gone(oid, integer) RENAME TO _worker_schedules");
        }
    }

    async Task FillAsync()
    {
        for (var size = 100_000; size > 10;)
        {
            try
            {
                await Cluster.ExecuteAsync(
                    $"INSERT INTO public.filler SELECT string_agg(md5(random()::text || n), '') FROM generate_series(1, {size / 32}) n");
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DiskFull)
            {
                size /= 10;
            }
        }
    }

    [Fact]
    public async Task Silence_ThatTheWorkerAnnounced_Counts()
    {
        await Cluster.ExecuteAsync("DELETE FROM df.workers");
        await Cluster.ExecuteAsync("INSERT INTO df.workers (pid, host, version, last_seen_at, silence_limit) VALUES (1, 'h', 'v', "
            + "now() - interval '1 minute', '1 hour'), (2, 'h', 'v', now() - interval '1 minute', '15 seconds')");
        Assert.Equal(1L, await Cluster.ScalarAsync<long>("SELECT workers FROM df.health()"));
        await Cluster.ExecuteAsync("DELETE FROM df.workers");
        await using var worker = await HostedWorker.StartAsync(Cluster.ConnectionString(), o => o.SilenceLimit = TimeSpan.FromHours(1));
        await Cluster.WorkerIdAsync();
        Assert.Equal(TimeSpan.FromHours(1), await Cluster.ScalarAsync<TimeSpan>("SELECT silence_limit FROM df.workers"));
    }

    (TcpProxy Proxy, string ConnectionString) Proxy()
    {
        var builder = new NpgsqlConnectionStringBuilder(Cluster.ConnectionString());
        var proxy = new TcpProxy(builder.Port);
        (builder.Host, builder.Port) = ("127.0.0.1", proxy.Port);
        return (proxy, builder.ConnectionString);
    }
}

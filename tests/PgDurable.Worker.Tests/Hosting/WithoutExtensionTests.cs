using Npgsql;

namespace PgDurable.Worker.Tests.Hosting;

/// <summary>
/// A server on which nothing can be installed: the schema comes from the SDK, the worker from the application, and it runs its own role's
/// instances.
/// </summary>
public sealed class WithoutExtensionTests : IAsyncLifetime
{
    PgCluster _cluster = null!;
    NpgsqlConnection _app = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync(new() { Settings = new Dictionary<string, string> { ["shared_preload_libraries"] = "" } });
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

    [Fact]
    public async Task Install_Again_DoesNothing() => await PgDurableSchema.InstallAsync(_app, CancellationToken.None);

    [Theory]
    [InlineData("CREATE SCHEMA df AUTHORIZATION mallory; CREATE FUNCTION df.version() RETURNS text LANGUAGE sql AS $$ SELECT '{0} (x)' $$; "
        + "ALTER FUNCTION df.version() OWNER TO mallory")]
    [InlineData("GRANT CREATE ON DATABASE trap TO app; CREATE SCHEMA df AUTHORIZATION app; CREATE FUNCTION df.version() RETURNS text "
        + "LANGUAGE sql AS $$ SELECT '{0} (x)' $$; ALTER FUNCTION df.version() OWNER TO mallory")]
    [InlineData("CREATE SCHEMA df AUTHORIZATION app; GRANT CREATE ON SCHEMA df TO mallory; CREATE FUNCTION df.version() RETURNS text "
        + "LANGUAGE sql AS $$ SELECT '{0} (x)' $$")]
    [InlineData("CREATE SCHEMA df AUTHORIZATION app; GRANT CREATE ON SCHEMA df TO PUBLIC; CREATE FUNCTION df.version() RETURNS text "
        + "LANGUAGE sql AS $$ SELECT '{0} (x)' $$")]
    public async Task Install_SchemaThatSomebodyElsePrepared_IsRefused(string prepared)
    {
        await _cluster.ExecuteAsync("CREATE ROLE mallory");
        await _cluster.ExecuteAsync("CREATE DATABASE trap");
        await _cluster.ExecuteAsync(prepared.Replace("{0}", PgDurableSchema.Version, StringComparison.Ordinal), "trap");
        await using var connection = await _cluster.ConnectAsync("trap", "app");
        var error =
            await Assert.ThrowsAsync<InvalidOperationException>(() => PgDurableSchema.InstallAsync(connection, CancellationToken.None));
        Assert.Contains("is controlled by", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_SchemaOfAnotherRole_IsTakenWhenItIsNamed()
    {
        await _cluster.ExecuteAsync("CREATE ROLE other LOGIN");
        await ExecuteAsync(_app, "SELECT df.grant_usage('other')");
        await using var other = await _cluster.ConnectAsync("shop", "other");
        await Assert.ThrowsAsync<InvalidOperationException>(() => PgDurableSchema.InstallAsync(other, CancellationToken.None));
        await PgDurableSchema.InstallAsync(other, "app", CancellationToken.None);
    }

    [Fact]
    public async Task Start_InNewTransaction_SaysThatItNeedsTheExtension()
    {
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => ScalarAsync<string>(_app, "SELECT df.start('SELECT 1', transaction_mode => 'new')"));
        Assert.Equal("0A000", error.SqlState);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public async Task Worker_OfAnOrdinaryRole_RunsItsInstancesAndNoOthers()
    {
        await _cluster.ExecuteAsync("CREATE ROLE other LOGIN");
        await ExecuteAsync(
            _app, "SELECT df.grant_usage('other'); CREATE TABLE public.t (who text, step int); GRANT INSERT ON public.t TO other");
        await using var other = await _cluster.ConnectAsync("shop", "other");
        var others = await ScalarAsync<string>(other, "SELECT df.start('INSERT INTO public.t VALUES (current_user, 1)')");
        var own = await ScalarAsync<string>(_app,
            "SELECT df.start('INSERT INTO public.t VALUES (current_user, 1) RETURNING step' OPERATOR(df.|=>) 'a' "
                + "OPERATOR(df.~>) 'INSERT INTO public.t VALUES (session_user, $a.step + 1)')");

        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString("shop", "app"));
        Assert.Equal("completed", await ScalarAsync<string>(_app, $"SELECT df.await_instance('{own}')"));
        Assert.Equal("pending", await ScalarAsync<string>(other, $"SELECT df.status('{others}')"));
        // The schema's owner sees all, also the one that nobody runs.
        Assert.Equal("1 1", await ScalarAsync<string>(_app, "SELECT concat_ws(' ', workers, due) FROM df.health()"));
        Assert.Equal("1 1", await ScalarAsync<string>(other, "SELECT concat_ws(' ', workers, due) FROM df.health()"));
        Assert.Equal(
            "app 1,app 2", await ScalarAsync<string>(_app, "SELECT string_agg(who || ' ' || step, ',' ORDER BY step) FROM public.t"));

        await using var second = await HostedWorker.StartAsync(_cluster.ConnectionString("shop", "postgres"));
        await Poll.UntilAsync(
            "the second worker is there", async () => await ScalarAsync<long>(_app, "SELECT count(*) FROM df.workers") == 2);
        Assert.Equal("pending", await ScalarAsync<string>(other, $"SELECT df.status('{others}')"));
    }

    [Fact]
    public async Task Worker_OfAnOrdinaryRole_TicksItsSchedulesAndNoOthers()
    {
        await _cluster.ExecuteAsync("CREATE ROLE other LOGIN");
        await ExecuteAsync(_app, "SELECT df.grant_usage('other')");
        await using var other = await _cluster.ConnectAsync("shop", "other");
        foreach (var session in (NpgsqlConnection[])[other, _app])
            await ExecuteAsync(session, "SELECT df.register_workflow('w', 'SELECT 1'); SELECT df.schedule('s', '* * * * *', 'w')");
        await ExecuteAsync(
            _app, "SELECT FROM df._worker_schedules(NULL, 10); UPDATE df.schedule_runs SET dealt_with = now() - interval '2 minutes'");

        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString("shop", "app"));
        await Poll.UntilAsync("the schedule's instance has run", async () => await ScalarAsync<bool>(
            _app, "SELECT count(*) > 0 FROM df.instances WHERE label = 's' AND status = 'completed' AND submitted_by = 'app'::regrole"));
        Assert.Equal(0L, await ScalarAsync<long>(other, "SELECT count(*) FROM df.instances"));
        Assert.False(await ScalarAsync<bool>(other, "SELECT next_run IS NOT NULL FROM df.schedules"));
    }

    [Fact]
    public async Task Step_LeavesThings_NextStepFindsNothing()
    {
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString("shop", "app"), o => o.MaxConcurrentSteps = 1);
        foreach (var ending in (string[])["", "; SELECT 1/0"])
        {
            var first = await ScalarAsync<string>(_app,
                "SELECT df.start('DO $$ BEGIN CREATE TEMP TABLE left_behind (); SET work_mem = ''1MB''; PERFORM pg_advisory_lock(7); "
                    + (ending == "" ? "" : "PERFORM 1/0;") + " END $$')");
            await ScalarAsync<string>(_app, $"SELECT df.await_instance('{first}')");
            var second = await ScalarAsync<string>(_app,
                """
                SELECT df.start('SELECT to_regclass(''pg_temp.left_behind'') IS NULL AND current_setting(''work_mem'') = ''4MB''
                    AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = ''advisory'' AND classid = 0 AND objid = 7) AS clean')
                """);
            await ScalarAsync<string>(_app, $"SELECT df.await_instance('{second}')");
            Assert.True(await ScalarAsync<bool>(_app, $"SELECT (df.result('{second}')::json -> 'rows' -> 0 ->> 'clean')::boolean"));
        }
    }

    [Theory]
    [InlineData("DEALLOCATE ALL", "A step can't deallocate the session's prepared statements; what it did was rolled back.")]
    [InlineData("DO $x$ BEGIN EXECUTE 'DEALLOCATE ALL'; PERFORM 1/0; END $x$", "division by zero")]
    public async Task Step_DeallocatesTheWorkersStatements_FailsAndNextStepRuns(string sql, string message)
    {
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString("shop", "app"), o => o.MaxConcurrentSteps = 1);
        for (var i = 0; i < 10; i++)
        {
            if (i == 7)
                Assert.StartsWith(message, (await EndAsync(sql)).Error);
            Assert.Equal(("completed", ""), await EndAsync("SELECT 1 AS n"));
        }

        async Task<(string Status, string Error)> EndAsync(string step)
        {
            var id = await ScalarAsync<string>(_app, $"SELECT df.start({TestUser.Literal(step)})");
            var status = await ScalarAsync<string>(_app, $"SELECT df.await_instance('{id}', 20)");
            return (status, await ScalarAsync<string>(_app, $"SELECT coalesce(df.error('{id}')::json ->> 'message', '')"));
        }
    }

    [Theory]
    [InlineData("SELECT 1/0", "22012")]
    [InlineData("COMMIT", "42601")]
    [InlineData("SELECT public.commits()", "2D000")]
    public async Task Step_Fails_WithItsSqlState(string sql, string sqlState)
    {
        await ExecuteAsync(_app, "CREATE FUNCTION public.commits() RETURNS int LANGUAGE plpgsql AS 'BEGIN COMMIT; RETURN 1; END'");
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString("shop", "app"));
        var id = await ScalarAsync<string>(_app, $"SELECT df.start({TestUser.Literal(sql)})");
        Assert.Equal("failed", await ScalarAsync<string>(_app, $"SELECT df.await_instance('{id}')"));
        Assert.Equal(sqlState, await ScalarAsync<string>(_app, $"SELECT df.error('{id}')::json ->> 'sqlstate'"));
    }

    // What commits a step is a worker, with the secret that it gave the connection: no other role that may start workflows, and no step.
    [Fact]
    public async Task CommitStep_ByOthers_IsRefused()
    {
        await _cluster.ExecuteAsync("CREATE ROLE other LOGIN");
        await ExecuteAsync(_app, "SELECT df.grant_usage('other')");
        await using var other = await _cluster.ConnectAsync("shop", "other");
        await using var worker = await HostedWorker.StartAsync(_cluster.ConnectionString("shop", "app"), o => o.MaxConcurrentSteps = 2);
        var id = await ScalarAsync<string>(_app, "SELECT df.start(df.wait_for_signal('never'))");
        await Poll.UntilAsync("the instance waits", async () => await ScalarAsync<string>(_app, $"SELECT df.status('{id}')") == "running");
        var no = await ScalarAsync<long>(_app, $"SELECT instance_no FROM df.submissions WHERE id = '{id}'");
        var number = await ScalarAsync<int>(_app, "SELECT max(worker_id) FROM df.workers");
        foreach (var secret in (string[])["''", @"'\x00'", "sha256('')"])
        {
            await ExecuteAsync(other, "SET df.in_workflow = 'true'");
            var error = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(other,
                $"SELECT df._commit_step({secret}, {number}, {no}, 0, '', 1, 1, now(), '{{\"forged\":1}}', NULL, true, NULL)"));
            Assert.Equal("42501", error.SqlState);
        }
        foreach (var call in (string[])["SELECT df._open_session('0123456789abcdef')", "SELECT * FROM df._step_sessions",
            "SELECT df._worker_claim(1, 1, NULL)", "SELECT df._is_step_session('')"])
            Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(other, call))).SqlState);
        Assert.Equal("running", await ScalarAsync<string>(_app, $"SELECT df.status('{id}')"));
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>
/// What every new submission goes through, however it was written. There are two implementations that must behave alike: C, and PL/pgSQL
/// where the module can't be loaded.
/// </summary>
[Collection(StoreCollection.Name)]
public sealed class SubmittedTests(StoreFixture fixture) : IAsyncLifetime
{
    private const string Insert =
        "INSERT INTO df.submissions (graph_id, workflow, start_at) SELECT graph_id, {0}, {1} FROM df.graphs LIMIT 1";

    public async Task InitializeAsync()
    {
        await fixture.EmptyAsync();
        await fixture.EmptyAsync("portable");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("NULL", "NULL", "-infinity 0")]
    [InlineData("'w'", "NULL", "-infinity 1")]
    [InlineData("'ä quite long name ' || repeat('x', 100)", "'2100-01-01 00:00Z'", "2100-01-01 00:00:00 1")]
    [InlineData("''", "'infinity'", "infinity 1")]
    public async Task Insert_WorkflowAndTime_AreLaneAndDueTime(string workflow, string startAt, string expected)
    {
        var rows = new List<string?>();
        foreach (var native in (bool[])[true, false])
        {
            await using var user = await UserAsync(native);
            await user.ExecuteAsync(string.Format(null, Insert, workflow, startAt));
            rows.Add(await user.ScalarAsync<string>(
                """
                SELECT concat_ws(' ', q.due_at AT TIME ZONE 'UTC', least(q.lane, 1), q.lane, q.started_at, q.worker_id, q.parent_no,
                                 q.waits)
                  FROM df.queue q JOIN df.submissions s USING (instance_no)
                 WHERE q.submitted_by = s.submitted_by AND q.submitted_by = quote_ident(current_user)::regrole
                 ORDER BY q.instance_no DESC LIMIT 1
                """));
        }
        Assert.StartsWith(expected, rows[0], StringComparison.Ordinal);
        Assert.Equal(rows[1], rows[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Insert_WorkerIsIdle_NotifiesItOnceForEachTransaction(bool native)
    {
        var database = native ? null : "portable";
        await using var user = await UserAsync(native);
        await using var worker = native
            ? await fixture.WorkerAsync()
            : await TestWorker.RegisterAsync(fixture.Cluster, "portable", "carol");
        await using var ear = await Ear.ListenAsync(fixture, database, "pg_durable");
        await user.ExecuteAsync("SELECT df.start('SELECT 1')");
        Assert.Empty(await ear.HeardAsync());

        await worker.ExecuteAsync("SELECT df._worker_set_idle($1, true)", worker.Id);
        await user.ExecuteAsync("BEGIN; SELECT df.start('SELECT 1'); ROLLBACK");
        Assert.Empty(await ear.HeardAsync());
        await user.ExecuteAsync("SELECT df.start('SELECT 1') FROM generate_series(1, 3)");
        Assert.Equal(["start"], await ear.HeardAsync());
    }

    // The statement's snapshot is older than what the worker says.
    [Fact]
    public async Task Insert_WorkerBecomesIdleWhileTheStatementRuns_Notifies()
    {
        await using var user = await UserAsync(native: true);
        await using var worker = await fixture.WorkerAsync();
        await using var ear = await Ear.ListenAsync(fixture, null, "pg_durable");
        await fixture.Cluster.ExecuteAsync(
            """
            CREATE FUNCTION public.wait_for_test() RETURNS text LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END';
            GRANT EXECUTE ON FUNCTION public.wait_for_test() TO alice;
            """);
        try
        {
            await worker.ExecuteAsync("SELECT pg_advisory_lock(4711)");
            var inserting = user.ExecuteAsync(string.Format(null, Insert, "public.wait_for_test()", "NULL"));
            await TestKit.Poll.UntilAsync("the statement waits", async () => await worker.ScalarAsync<long>(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted") > 0);
            await worker.ExecuteAsync("SELECT df._worker_set_idle($1, true)", worker.Id);
            await worker.ExecuteAsync("SELECT pg_advisory_unlock(4711)");
            await inserting;
            Assert.Equal(["start"], await ear.HeardAsync());
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("DROP FUNCTION public.wait_for_test()");
        }
    }

    [Theory]
    [InlineData("SELECT df.set_limit('alice', 'instances', 2)", "SELECT df.set_limit('alice', 'instances', NULL)")]
    [InlineData("ALTER SYSTEM SET pg_durable.max_instances_per_role = 2", "ALTER SYSTEM RESET pg_durable.max_instances_per_role")]
    [InlineData("ALTER ROLE postgres SET pg_durable.max_starts_per_second_per_role = 2",
        "ALTER ROLE postgres RESET pg_durable.max_starts_per_second_per_role")]
    public async Task Insert_MoreThanALimitInOneStatement_IsRefused(string set, string reset)
    {
        await fixture.Cluster.ExecuteAsync(set);
        await fixture.Cluster.ExecuteAsync("SELECT pg_reload_conf()");
        try
        {
            await using var user = await UserAsync(native: true);
            await TestKit.Poll.UntilAsync("the setting is there", async () =>
                !set.StartsWith("ALTER SYSTEM", StringComparison.Ordinal)
                || await user.ScalarAsync<string>("SHOW pg_durable.max_instances_per_role") == "2");
            const string many = "INSERT INTO df.submissions (graph_id) SELECT graph_id FROM df.graphs, generate_series(1, {0})";
            Assert.Equal("DF020", (await Assert.ThrowsAsync<PostgresException>(
                () => user.ExecuteAsync(string.Format(null, many, 3)))).SqlState);
            await user.ExecuteAsync(string.Format(null, many, 2));
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync(reset);
            await fixture.Cluster.ExecuteAsync("SELECT pg_reload_conf()");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Insert_QueueWithATriggerOfAnAdministrator_FiresItAsTheOwner(bool native)
    {
        var database = native ? null : "portable";
        await using var user = await UserAsync(native);
        await fixture.Cluster.ExecuteAsync(
            """
            CREATE TABLE public.seen (by text);
            CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN INSERT INTO public.seen VALUES (current_user); RETURN NULL; END';
            CREATE TRIGGER see AFTER INSERT ON df.queue FOR EACH ROW EXECUTE FUNCTION public.see();
            GRANT ALL ON public.seen TO carol;
            """, database);
        try
        {
            await user.ExecuteAsync("SELECT df.start('SELECT 1')");
            Assert.Equal(native ? "postgres" : "carol", await fixture.Cluster.ScalarAsync<string>("SELECT by FROM public.seen", database));
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync(
                "DROP TRIGGER see ON df.queue; DROP FUNCTION public.see(); DROP TABLE public.seen", database);
        }
    }

    // The trigger's function writes what the row says.
    [Fact]
    public async Task Submitted_AsTheTriggerOfAnotherTable_IsRefused()
    {
        await using var user = await UserAsync(native: true);
        await fixture.Cluster.ExecuteAsync(
            """
            CREATE TABLE public.fake (LIKE df.submissions INCLUDING DEFAULTS INCLUDING IDENTITY);
            CREATE TRIGGER submitted AFTER INSERT ON public.fake FOR EACH ROW EXECUTE FUNCTION df._submitted();
            """);
        try
        {
            Assert.Equal("XX000", (await Assert.ThrowsAsync<PostgresException>(() => fixture.Cluster.ExecuteAsync(
                "INSERT INTO public.fake (graph_id, id, submitted_by) VALUES (1, '00000000', 'alice')"))).SqlState);
            Assert.Equal(0, await user.ScalarAsync<long>("SELECT count(*) FROM df.queue"));
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("DROP TABLE public.fake");
        }
    }

    private async Task<TestSession> UserAsync(bool native)
    {
        var user = native ? await fixture.UserAsync() : new TestSession(await fixture.Cluster.ConnectAsync("portable", "carol"));
        await user.ExecuteAsync("INSERT INTO df.graphs (graph) VALUES ('{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"}')");
        return user;
    }
}

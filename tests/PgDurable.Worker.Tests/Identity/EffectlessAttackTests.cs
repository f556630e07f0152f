using Npgsql;

namespace PgDurable.Worker.Tests.Identity;

/// <summary>Steps and sessions that lay traps or shout at the worker and succeed in it: nobody falls in, nobody listens.</summary>
public sealed class EffectlessAttackTests(AttackFixture fixture) : IClassFixture<AttackFixture>
{
    [Fact]
    public async Task SearchPath_WithFakeOperatorsFunctionsAndTables_IsNotTheWorkers()
    {
        var s = fixture.Mallory.Schema;
        await fixture.Mallory.ExecuteAsync(
            $"""
             CREATE FUNCTION {s}.trap(bigint, bigint) RETURNS boolean LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO {s}.loot VALUES (''bigint '' || session_user); RETURN true; END';
             CREATE FUNCTION {s}.trap(bytea, bytea) RETURNS boolean LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO {s}.loot VALUES (''bytea '' || encode($1, ''hex'')); RETURN true; END';
             CREATE FUNCTION {s}.trap(text, text) RETURNS boolean LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO {s}.loot VALUES (''text''); RETURN true; END';
             CREATE OPERATOR {s}.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = {s}.trap);
             CREATE OPERATOR {s}.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = {s}.trap);
             CREATE OPERATOR {s}.= (LEFTARG = text, RIGHTARG = text, FUNCTION = {s}.trap);
             CREATE OPERATOR {s}.<> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = {s}.trap);
             CREATE FUNCTION {s}.now() RETURNS timestamptz LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO {s}.loot VALUES (''now''); RETURN clock_timestamp(); END';
             CREATE FUNCTION {s}.pg_notify(text, text) RETURNS void LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO {s}.loot VALUES (''notify''); END';
             CREATE FUNCTION {s}.quote_ident(name) RETURNS text LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO {s}.loot VALUES (''quote''); RETURN ''postgres''; END';
             CREATE FUNCTION {s}.quote_ident(text) RETURNS text LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO {s}.loot VALUES (''quote''); RETURN ''postgres''; END';
             CREATE TABLE {s}.queue (instance_no bigint, worker_id int, submitted_by regrole, started_at timestamptz, due_at timestamptz);
             CREATE TABLE {s}.pg_roles (oid oid, rolname name, rolsuper boolean);
             ALTER ROLE mallory SET search_path = {s}, df, pg_catalog
             """);
        try
        {
            var steps = Graphs.Sequence($"SET search_path = {s}, df, pg_catalog",
                "SELECT set_config('search_path', current_setting('search_path') || ', public', false)", "SELECT 'done' AS v");
            await fixture.Mallory.ExecuteAsync($"SET search_path = {s}, df, pg_catalog");
            var row = await fixture.Mallory.RunAsync(steps, "{}");
            Assert.Equal("done", row.GetProperty("v").GetString());
            Assert.Equal("mallory", await fixture.Cluster.ScalarAsync<string>(
                "SELECT submitted_by::text FROM df.submissions ORDER BY instance_no DESC LIMIT 1"));
        }
        finally
        {
            await fixture.Mallory.ExecuteAsync("RESET search_path; ALTER ROLE mallory RESET search_path");
        }
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task TemporaryObjects_NamedLikeTheWorkers_AreNotUsed()
    {
        var s = fixture.Mallory.Schema;
        foreach (var step in (string[])
                 [
                     "CREATE TEMP TABLE queue (instance_no bigint, worker_id int)",
                     "CREATE TEMP TABLE checkpoints (instance_no bigint)",
                     "CREATE TEMP TABLE submissions AS SELECT 1 AS instance_no",
                     "CREATE TEMP TABLE pg_roles AS SELECT 10::oid AS oid, 'victim'::name AS rolname, true AS rolsuper",
                     "CREATE TEMP VIEW pg_settings AS SELECT 1 AS name",
                     $"CREATE TEMP TABLE secrets AS SELECT 'fake' AS s",
                     $"DO $$ BEGIN CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE plpgsql "
                         + $"AS 'BEGIN INSERT INTO {s}.loot VALUES (''now''); RETURN NULL; END'; END $$",
                 ])
            await fixture.Mallory.RunToEndAsync(step);
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task Notify_ForgedCancellations_StopNobodysInstance()
    {
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var id = await fixture.Victim.StartAsync(Graphs.Sequence($"SELECT {gate.Pass}", "SELECT 'went on' AS v"));
        await gate.WaitedForAsync();
        var number = await fixture.Cluster.ScalarAsync<long>($"SELECT instance_no FROM df.submissions WHERE id = '{id}'");

        // From psql and from a step: a channel can't be protected.
        await fixture.Mallory.ExecuteAsync($"SELECT pg_notify('pg_durable', 'cancel {number}'), pg_notify('pg_durable', 'cancel x'), "
            + "pg_notify('pg_durable', repeat('x', 7999))");
        await fixture.Mallory.RunToEndAsync($"SELECT pg_notify('pg_durable', 'cancel {number}')");
        await fixture.Mallory.RunAsync("SELECT 1 AS n");
        await gate.OpenAsync();

        Assert.Equal("went on", (await fixture.Victim.ResultAsync(id)).GetProperty("rows")[0].GetProperty("v").GetString());
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task AdvisoryLocks_OfTheWorkersClass_KeepNoWorkerFromStarting()
    {
        // Anybody may take any advisory lock, and the numbers of the next workers are no secret.
        await fixture.Mallory.ExecuteAsync("SELECT pg_advisory_lock(1346847831, n) FROM generate_series(1, 500) n "
            + "WHERE n NOT IN (SELECT objid::int FROM pg_locks WHERE locktype = 'advisory')");
        try
        {
            await using var second = await HostedWorker.StartAsync(fixture.Cluster.ConnectionString());
            await Poll.UntilAsync("another worker has registered", async () =>
                await fixture.Cluster.ScalarAsync<long>("SELECT count(*) FROM df.workers") == 2,
                TimeSpan.FromSeconds(10));
        }
        finally
        {
            await fixture.Mallory.ExecuteAsync("SELECT pg_advisory_unlock_all()");
        }
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task RowsWithOddValues_WrittenByTheRoleItself_HurtNobody()
    {
        var graph = await fixture.Mallory.ScalarAsync<long>("INSERT INTO df.graphs (graph) VALUES ('{}') RETURNING graph_id");
        foreach (var values in (string[])
                 [
                     $"({graph}, repeat('x', 100000), NULL, NULL)", "(-1, NULL, NULL, NULL)", "(9223372036854775807, '', 'null', '')",
                     $"({graph}, NULL, '[1,2]', NULL)",
                 ])
        {
            var id = await fixture.Mallory.ScalarAsync<string>(
                $"INSERT INTO df.submissions (graph_id, label, input, idempotency_key) VALUES {values} RETURNING id");
            Assert.Equal("DF003", (await fixture.Mallory.ErrorAsync(id)).GetProperty("sqlstate").GetString());
        }

        // An id of one's own choice would tell whether somebody has it.
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => fixture.Mallory.ExecuteAsync($"INSERT INTO df.submissions (id, graph_id) VALUES ('deadbeef', {graph})"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task Step_WithTheShortestTimeouts_HurtsOnlyItself()
    {
        foreach (var setting in (string[])["statement_timeout = 1", "lock_timeout = 1", "idle_in_transaction_session_timeout = 1",
            "work_mem = 64", "temp_file_limit = 0"])
        {
            var set = $"ALTER ROLE mallory SET {setting}";
            if (setting.StartsWith("temp_file", StringComparison.Ordinal))
                await fixture.Cluster.ExecuteAsync(set);
            else
                await fixture.Mallory.ExecuteAsync(set);
            var id = await fixture.Mallory.StartAsync(Graphs.Sequence(
                "SELECT count(*) AS n FROM generate_series(1, 1000) a, generate_series(1, 100) b", "SELECT pg_sleep(0.05)"));
            Assert.Contains(await fixture.Mallory.EndAsync(id), (string[])["completed", "failed"]);
            await fixture.Cluster.ExecuteAsync("ALTER ROLE mallory RESET ALL");
            await fixture.AssertHarmlessAsync();
        }
    }
}

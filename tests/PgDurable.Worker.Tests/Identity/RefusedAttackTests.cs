using Npgsql;

namespace PgDurable.Worker.Tests.Identity;

/// <summary>
/// Steps that try to become somebody else, to forge the worker's calls or to break its session, through the real worker: each fails.
/// </summary>
public sealed class RefusedAttackTests(AttackFixture fixture) : IClassFixture<AttackFixture>
{
    const string NotSupported = "0A000", NoPrivilege = "42501", InvalidTermination = "2D000", SyntaxError = "42601";

    // _S_ stands for the attacker's schema.
    [Theory]
    [InlineData(NoPrivilege, "SET ROLE postgres")]
    [InlineData(NoPrivilege, "SET LOCAL ROLE victim")]
    [InlineData(NoPrivilege, "RESET ROLE")]
    [InlineData(NoPrivilege, "SET SESSION AUTHORIZATION postgres")]
    [InlineData(NoPrivilege, "RESET SESSION AUTHORIZATION")]
    [InlineData(NoPrivilege, "SELECT set_config('role', 'postgres', false)")]
    [InlineData(NoPrivilege, "SELECT set_config('session_authorization', 'postgres', true)")]
    [InlineData(
        NoPrivilege, "DO $$ BEGIN BEGIN SET ROLE postgres; EXCEPTION WHEN OTHERS THEN NULL; END; RESET SESSION AUTHORIZATION; END $$")]
    [InlineData(NoPrivilege, "ALTER ROLE mallory SUPERUSER")]
    [InlineData(NoPrivilege, "GRANT postgres TO mallory")]
    [InlineData(NoPrivilege, "SELECT df._enter('postgres'::regrole, '0123456789abcdef')")]
    [InlineData(NoPrivilege, "SELECT df._require_worker()")]
    [InlineData(NoPrivilege, "SELECT df._commit_step('0123456789abcdef', 1, 1, 0, '', 0, 1, now(), '{\"rows\":[]}', NULL, true, NULL)")]
    [InlineData(NoPrivilege, "SELECT df._commit_step('', w, i, 0, '', 0, 1, now(), '{}', NULL, true, NULL) FROM generate_series(1, 50) w, "
        + "generate_series(1, 50) i")]
    [InlineData(NoPrivilege, "SELECT df._worker_register('evil', 1, '1')")]
    [InlineData(NoPrivilege, "SELECT df._worker_claim(1, 1000, NULL)")]
    [InlineData(NoPrivilege, "SELECT df._worker_release(1, '{1,2,3}', '1 h')")]
    [InlineData(NoPrivilege, "SELECT df._worker_unregister(1)")]
    [InlineData(NoPrivilege, "SELECT df._worker_graph(1)")]
    [InlineData(NoPrivilege, "SELECT df._worker_checkpoints('{1}')")]
    [InlineData(NoPrivilege, "SELECT df._worker_record(1, '[]')")]
    [InlineData(NoPrivilege, "SELECT df._worker_park(1, '{1}', '{infinity}', '[[]]')")]
    [InlineData(NoPrivilege, "SELECT df._worker_start_child(1, 1, 0, '', 'w', NULL, NULL)")]
    [InlineData(NoPrivilege, "SELECT df._worker_retry(1, 1, '{0}', '{\"\"}')")]
    [InlineData(NoPrivilege, "SELECT df._worker_prune(1000)")]
    [InlineData(NoPrivilege, "SELECT df._cancel(1, 'evil', true)")]
    [InlineData(NoPrivilege, "SELECT df._wake(1)")]
    [InlineData(NoPrivilege, "SELECT df.grant_usage('mallory')")]
    [InlineData(SyntaxError, "COMMIT")]
    [InlineData(SyntaxError, "ROLLBACK")]
    [InlineData(SyntaxError, "COMMIT AND CHAIN")]
    [InlineData(SyntaxError, "SAVEPOINT s")]
    [InlineData(SyntaxError, "PREPARE TRANSACTION 'p'")]
    // What commits runs outside of the sandbox, in a session that is the attacker's own.
    [InlineData(NoPrivilege, "DO $$ BEGIN COMMIT; SET SESSION AUTHORIZATION postgres; END $$")]
    [InlineData(NoPrivilege, "DO $$ BEGIN COMMIT; SET ROLE victim; END $$")]
    [InlineData(NoPrivilege, "DO $$ BEGIN ROLLBACK; RESET SESSION AUTHORIZATION; COMMIT; ALTER ROLE mallory SUPERUSER; END $$")]
    [InlineData(NoPrivilege, "DO $$ BEGIN COMMIT; PERFORM df._worker_claim(1, 1000, NULL); END $$")]
    [InlineData(NoPrivilege, "DO $$ BEGIN COMMIT; PERFORM df._enter('postgres'::regrole, ''); END $$")]
    [InlineData(InvalidTermination, "SELECT _S_.commits()")]
    [InlineData(NotSupported, "PREPARE evil AS SELECT 1")]
    [InlineData(NotSupported, "DEALLOCATE ALL")]
    [InlineData(NotSupported, "DEALLOCATE _p1")]
    [InlineData(NotSupported, "EXECUTE _p1")]
    [InlineData(NotSupported, "DISCARD ALL")]
    [InlineData(NotSupported, "LISTEN pg_durable")]
    [InlineData(NotSupported, "UNLISTEN *")]
    [InlineData(NotSupported, "DECLARE c CURSOR WITH HOLD FOR SELECT 1")]
    [InlineData(NotSupported, "COPY (SELECT 1) TO STDOUT")]
    [InlineData(NotSupported, "COPY _S_.loot FROM STDIN")]
    [InlineData(NotSupported, "LOAD 'auto_explain'")]
    [InlineData(NoPrivilege, "SET client_encoding = 'LATIN1'")]
    // The worker's own tables.
    [InlineData(NoPrivilege, "UPDATE df.queue SET worker_id = NULL")]
    [InlineData(NoPrivilege, "DELETE FROM df.queue")]
    [InlineData(NoPrivilege, "SELECT * FROM df.queue FOR UPDATE")]
    [InlineData(NoPrivilege, "LOCK TABLE df.queue IN ACCESS EXCLUSIVE MODE")]
    [InlineData(NoPrivilege, "LOCK TABLE df.submissions IN SHARE MODE")]
    [InlineData(NoPrivilege, "INSERT INTO df.checkpoints (instance_no, started_at, node, attempt, worker_id, result) VALUES (1, now(), "
        + "0, 1, 1, '{}')")]
    [InlineData(NoPrivilege, "INSERT INTO df.outcomes (instance_no, status) VALUES (1, 'completed')")]
    [InlineData(NoPrivilege, "INSERT INTO df.workers (pid, host, version) VALUES (1, 'evil', '1')")]
    [InlineData(NoPrivilege, "INSERT INTO df.submissions (id, graph_id, submitted_by) SELECT 'deadbeef', graph_id, 'victim'::regrole "
        + "FROM df.graphs LIMIT 1")]
    [InlineData(
        NoPrivilege, "INSERT INTO df.submissions (id, graph_id, parent_no, parent_node, parent_path) VALUES ('deadbeef', 1, 1, 0, '')")]
    [InlineData(NoPrivilege, "INSERT INTO df.graphs (owner, graph) VALUES ('victim', '{}')")]
    [InlineData(NoPrivilege, "INSERT INTO df.signals (instance_no, name, data) SELECT i, 'go', '{}' FROM generate_series(1, 50) i")]
    [InlineData(NoPrivilege, "INSERT INTO df.pauses (instance_no) SELECT i FROM generate_series(1, 50) i")]
    [InlineData(NoPrivilege, "INSERT INTO df.published_state (instance_no, value) SELECT i, '1' FROM generate_series(1, 50) i")]
    [InlineData(NoPrivilege, "INSERT INTO df.vars (owner, name, value) VALUES ('victim', 'a', 'b')")]
    [InlineData(NoPrivilege, "INSERT INTO df.registrations (owner, workflow, version, graph_id) VALUES ('victim', 'w', 1, 1)")]
    [InlineData(NoPrivilege, "INSERT INTO df.wakeups (instance_no) VALUES (1)")]
    [InlineData(NoPrivilege, "INSERT INTO df.watches (instance_no) SELECT i FROM generate_series(1, 50) i")]
    [InlineData(NoPrivilege, "UPDATE df.schedule_runs SET due_at = '-infinity'")]
    [InlineData(NoPrivilege, "UPDATE df.schedule_entries SET owner = 'victim'")]
    [InlineData(NoPrivilege, "INSERT INTO df.schedule_changes (schedule_no) VALUES (1)")]
    [InlineData(NoPrivilege, "SELECT df._worker_tick(1, 0, 1, now(), ARRAY[now()], now(), NULL)")]
    [InlineData(NoPrivilege, "UPDATE df.submissions SET submitted_by = 'victim'")]
    [InlineData(NoPrivilege, "UPDATE df.graphs SET graph = '{}'")]
    [InlineData(NoPrivilege, "INSERT INTO df.cancellations (instance_no, reason) SELECT n, 'evil' FROM generate_series(1, 100) n")]
    [InlineData(NoPrivilege, "TRUNCATE df.submissions")]
    [InlineData(NoPrivilege, "CREATE TRIGGER t AFTER INSERT ON df.submissions FOR EACH ROW EXECUTE FUNCTION df._submitted()")]
    [InlineData(NoPrivilege, "CREATE OPERATOR df.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = pg_catalog.int8eq)")]
    [InlineData(NoPrivilege, "CREATE FUNCTION pg_catalog.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'")]
    [InlineData(NoPrivilege, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pg_durable:worker:%'")]
    [InlineData(NoPrivilege, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pg_durable:worker:%'")]
    [InlineData(NoPrivilege, "SELECT pg_read_file('/proc/self/environ')")]
    [InlineData(NoPrivilege, "COPY _S_.loot FROM PROGRAM 'id'")]
    public async Task Step_Attack_FailsAndGainsNothing(string sqlState, string attack)
    {
        var error = await fixture.Mallory.FailAsync(attack.Replace("_S_", fixture.Mallory.Schema, StringComparison.Ordinal));

        Assert.True(error.GetProperty("sqlstate").GetString() == sqlState, error.ToString());
        await fixture.AssertHarmlessAsync();
    }

    [Theory]
    [InlineData("ALTER ROLE mallory SUPERUSER")]
    [InlineData("PERFORM set_config('role', 'postgres', false)")]
    [InlineData("PERFORM set_config('session_authorization', 'postgres', false)")]
    [InlineData("PERFORM df._enter('postgres'::regrole, '0123456789abcdef')")]
    [InlineData("COMMIT")]
    [InlineData("ROLLBACK")]
    [InlineData("DEALLOCATE ALL")]
    [InlineData("INSERT INTO df.outcomes (instance_no, status) VALUES (1, 'completed')")]
    public async Task Commit_DeferredTriggerAttacks_FailsAndGainsNothing(string attack)
    {
        var s = fixture.Mallory.Schema;
        await fixture.Mallory.ExecuteAsync(
            $"""
             DROP TABLE IF EXISTS {s}.bait;
             CREATE TABLE {s}.bait (a int);
             CREATE OR REPLACE FUNCTION {s}.attack() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN {attack}; RETURN NULL; END $f$;
             CREATE CONSTRAINT TRIGGER t AFTER INSERT ON {s}.bait DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {s}.attack()
             """);

        await fixture.Mallory.FailAsync($"INSERT INTO {s}.bait VALUES (1)");

        Assert.Equal(0L, await fixture.Mallory.CountAsync("bait"));
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task Submission_WithTheVictimsGraph_IsNotRun()
    {
        var graph = await fixture.Cluster.ScalarAsync<long>("SELECT graph_id FROM df.graphs WHERE owner = 'victim'::regrole LIMIT 1");
        var id = await fixture.Mallory.ScalarAsync<string>("INSERT INTO df.submissions (graph_id) VALUES ($1) RETURNING id", graph);

        var error = await fixture.Mallory.ErrorAsync(id);

        Assert.Equal("DF003", error.GetProperty("sqlstate").GetString());
        Assert.DoesNotContain("secrets", error.ToString());
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task RoleDefault_OfAnotherRole_DoesNotBecomeIt()
    {
        // A role may store any value for itself; a login would refuse to apply these.
        foreach (var setting in (string[])["role = postgres", "session_authorization = postgres", "role = victim"])
        {
            await fixture.Mallory.ExecuteAsync($"ALTER ROLE mallory SET {setting}");
            var id = await fixture.Mallory.StartAsync(
                $"INSERT INTO {fixture.Mallory.Schema}.loot SELECT current_user WHERE current_user <> 'mallory'");
            await fixture.Mallory.EndAsync(id);
            await fixture.Mallory.ExecuteAsync("ALTER ROLE mallory RESET ALL");
            await fixture.AssertHarmlessAsync();
        }
    }

    [Fact]
    public async Task Secret_IsNowhereToBeRead()
    {
        foreach (var sql in (string[])
                 [
                     "SELECT query AS v FROM pg_stat_activity", "SELECT statement AS v FROM pg_cursors",
                     "SELECT setting AS v FROM pg_settings", "SELECT to_json(f)::text AS v FROM df._flatten('{}') f",
                 ])
        {
            // The victim's statement runs while the attacker looks, and ran on the same connections before.
            await using var gate = await Gate.CloseAsync(fixture.Cluster);
            var running = await fixture.Victim.StartAsync($"SELECT '{AttackFixture.Secret}', {gate.Pass}");
            await gate.WaitedForAsync();
            var seen = await fixture.Mallory.ResultAsync(await fixture.Mallory.StartAsync(sql));
            await gate.OpenAsync();
            await fixture.Victim.EndAsync(running);

            Assert.DoesNotContain(AttackFixture.Secret, seen.ToString());
            Assert.DoesNotMatch(@"\\x[0-9a-f]{32}", seen.ToString());
        }
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task PsqlSession_OfTheRole_CannotCallTheWorkersFunctions()
    {
        foreach (var call in (string[])["df._enter('victim'::regrole, '0123456789abcdef')", "df._require_worker()",
            "df._worker_register('h', 1, 'v')",
                     "df._commit_step('0123456789abcdef', 1, 1, 0, '', 0, 1, now(), '{}', NULL, true, NULL)"])
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => fixture.Mallory.ExecuteAsync($"SELECT {call}"));
            Assert.Equal(NoPrivilege, error.SqlState);
        }
    }
}

using Npgsql;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>Statements that end a step with an error: attempts to become somebody else, or to reach into the worker's session.</summary>
[Collection(SandboxCollection.Name)]
public sealed class RefusedTests(SandboxFixture fixture)
{
    const string NotSupported = "0A000", NoPrivilege = "42501", InvalidTermination = "2D000", CannotChange = "55P02", InBlock = "25001";

    [Theory]
    // Becoming somebody else, by statement.
    [InlineData(NoPrivilege, "SET ROLE postgres")]
    [InlineData(NoPrivilege, "SET LOCAL ROLE postgres")]
    [InlineData(NoPrivilege, "SET ROLE bob")]
    [InlineData(NoPrivilege, "SET ROLE NONE")]
    [InlineData(NoPrivilege, "RESET ROLE")]
    [InlineData(NoPrivilege, "SET SESSION AUTHORIZATION postgres")]
    [InlineData(NoPrivilege, "SET LOCAL SESSION AUTHORIZATION postgres")]
    [InlineData(NoPrivilege, "SET SESSION AUTHORIZATION DEFAULT")]
    [InlineData(NoPrivilege, "RESET SESSION AUTHORIZATION")]
    [InlineData(NoPrivilege, "SET SESSION SESSION AUTHORIZATION alice")]
    // By function, view, and from inside other code.
    [InlineData(NoPrivilege, "SELECT set_config('role', 'postgres', false)")]
    [InlineData(NoPrivilege, "SELECT set_config('role', 'none', true)")]
    [InlineData(NoPrivilege, "SELECT set_config('session_authorization', 'postgres', true)")]
    [InlineData(NoPrivilege, "SELECT set_config('SESSION_authorization', 'postgres', false)")]
    [InlineData(CannotChange, "SELECT set_config('is_superuser', 'on', false)")]
    [InlineData(NoPrivilege, "UPDATE pg_settings SET setting = 'LATIN1' WHERE name = 'client_encoding'")]
    [InlineData(NoPrivilege, "DO $$ BEGIN EXECUTE 'SET ROLE postgres'; END $$")]
    [InlineData(NoPrivilege, "DO $$ BEGIN PERFORM 1/0; EXCEPTION WHEN division_by_zero THEN RESET ROLE; END $$")]
    [InlineData(
        NoPrivilege, "DO $$ BEGIN BEGIN SET ROLE postgres; EXCEPTION WHEN OTHERS THEN NULL; END; RESET SESSION AUTHORIZATION; END $$")]
    [InlineData(NoPrivilege, "DO $$ BEGIN CREATE FUNCTION alice.become() RETURNS void LANGUAGE sql SET role = 'postgres' AS ''; "
        + "PERFORM alice.become(); END $$")]
    [InlineData(NoPrivilege, "DO $$ BEGIN CREATE FUNCTION alice.become() RETURNS void LANGUAGE sql "
        + "SET session_authorization = 'postgres' AS ''; PERFORM alice.become(); END $$")]
    // Gaining rights directly.
    [InlineData(NoPrivilege, "ALTER ROLE alice SUPERUSER")]
    [InlineData(NoPrivilege, "CREATE ROLE mallory SUPERUSER")]
    [InlineData(NoPrivilege, "DROP OWNED BY postgres")]
    [InlineData(NoPrivilege, "REASSIGN OWNED BY postgres TO alice")]
    [InlineData(NoPrivilege, "ALTER TABLE df.checkpoints OWNER TO alice")]
    [InlineData(NoPrivilege, "ALTER ROLE postgres SET search_path = alice")]
    [InlineData(NoPrivilege, "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()")]
    [InlineData(NoPrivilege, "SELECT lo_import('/etc/passwd')")]
    [InlineData(NoPrivilege, "SELECT pg_read_file('postgresql.conf')")]
    [InlineData(NoPrivilege, "SELECT pg_reload_conf()")]
    [InlineData(NoPrivilege, "COPY public.trace TO PROGRAM 'id'")]
    [InlineData(NoPrivilege, "COPY public.trace FROM '/etc/passwd'")]
    [InlineData(NoPrivilege, "SELECT pg_terminate_backend(pg_backend_pid())")]
    [InlineData(NoPrivilege, "SELECT pg_cancel_backend(pg_backend_pid())")]
    // The sandbox's own functions.
    [InlineData(NoPrivilege, "SELECT df._enter('postgres'::regrole, '0123456789abcdef')")]
    [InlineData(NoPrivilege, "SELECT df._enter('bob'::regrole, '0123456789abcdef')")]
    [InlineData(NoPrivilege, "SELECT df._require_worker()")]
    [InlineData(NoPrivilege, "SELECT df._worker_register('h', 1, '1')")]
    // Transaction control.
    [InlineData(NotSupported, "COMMIT")]
    [InlineData(NotSupported, "COMMIT AND CHAIN")]
    [InlineData(NotSupported, "END")]
    [InlineData(NotSupported, "ROLLBACK")]
    [InlineData(NotSupported, "ROLLBACK AND CHAIN")]
    [InlineData(NotSupported, "ABORT")]
    [InlineData(NotSupported, "BEGIN")]
    [InlineData(NotSupported, "START TRANSACTION")]
    [InlineData(NotSupported, "SAVEPOINT s")]
    [InlineData(NotSupported, "RELEASE SAVEPOINT s")]
    [InlineData(NotSupported, "ROLLBACK TO SAVEPOINT s")]
    [InlineData(NotSupported, "PREPARE TRANSACTION 'p'")]
    [InlineData(NotSupported, "COMMIT PREPARED 'p'")]
    [InlineData(InvalidTermination, "DO $$ BEGIN COMMIT; END $$")]
    [InlineData(InvalidTermination, "DO $$ BEGIN ROLLBACK; END $$")]
    [InlineData(
        InvalidTermination, "DO $$ BEGIN CREATE PROCEDURE alice.p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'; CALL alice.p(); END $$")]
    [InlineData(NotSupported, "SET TRANSACTION READ ONLY")]
    [InlineData(NotSupported, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")]
    [InlineData(NoPrivilege, "SET transaction_read_only = on")]
    [InlineData(NoPrivilege, "SELECT set_config('transaction_read_only', 'on', true)")]
    [InlineData(InBlock, "VACUUM")]
    // Prepared statements share a namespace with the worker's.
    [InlineData(NotSupported, "PREPARE _p1 AS SELECT 1")]
    [InlineData(NotSupported, "EXECUTE _p1")]
    [InlineData(NotSupported, "DEALLOCATE _p1")]
    [InlineData(NotSupported, "DEALLOCATE ALL")]
    [InlineData(NotSupported, "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")]
    [InlineData(NotSupported, "CREATE TABLE alice.t AS EXECUTE _p1")]
    [InlineData(NotSupported, "CREATE TEMP TABLE t AS EXECUTE _p1")]
    [InlineData(NotSupported, "EXPLAIN EXECUTE _p1")]
    [InlineData(NotSupported, "EXPLAIN ANALYZE CREATE TABLE alice.t AS EXECUTE _p1")]
    [InlineData(NotSupported, "SELECT * FROM pg_prepared_statements")]
    [InlineData(NotSupported, "SELECT pg_prepared_statement()")]
    [InlineData(NotSupported, "DO $$ BEGIN PERFORM count(*) FROM pg_prepared_statements; END $$")]
    [InlineData(NotSupported, "CREATE TABLE alice.t AS SELECT * FROM pg_prepared_statements")]
    // Statements that would leave something in the session or break the protocol.
    [InlineData(NotSupported, "LISTEN a")]
    [InlineData(NotSupported, "UNLISTEN *")]
    [InlineData(NotSupported, "DO $$ BEGIN LISTEN a; END $$")]
    [InlineData(NotSupported, "DISCARD ALL")]
    [InlineData(NotSupported, "DISCARD PLANS")]
    [InlineData(NotSupported, "DISCARD TEMP")]
    [InlineData(NotSupported, "DISCARD SEQUENCES")]
    [InlineData(NotSupported, "LOAD '$libdir/plpgsql'")]
    [InlineData(NotSupported, "DECLARE c CURSOR WITH HOLD FOR SELECT 1")]
    [InlineData(NotSupported, "DO $$ BEGIN EXECUTE 'DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT 1'; END $$")]
    [InlineData(NotSupported, "COPY public.trace TO STDOUT")]
    [InlineData(NotSupported, "COPY (SELECT 1) TO STDOUT")]
    [InlineData(NotSupported, "COPY public.trace FROM STDIN")]
    [InlineData(NoPrivilege, "SET client_encoding = 'LATIN1'")]
    [InlineData(NoPrivilege, "SET NAMES 'LATIN1'")]
    [InlineData(NoPrivilege, "RESET client_encoding")]
    [InlineData(NoPrivilege, "SELECT set_config('client_encoding', 'LATIN1', false)")]
    [InlineData(NoPrivilege, "SET client_connection_check_interval = 0")]
    [InlineData(NoPrivilege, "SELECT set_config('client_connection_check_interval', '0', false)")]
    [InlineData(NoPrivilege, "SET exit_on_error = on")]
    [InlineData(CannotChange, "SET pg_durable.session = 'control'")]
    [InlineData(CannotChange, "SELECT set_config('pg_durable.session', 'control', false)")]
    public async Task Step_ForbiddenStatement_FailsAndLeavesNothing(string sqlState, string statement)
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);

        var error = await Assert.ThrowsAsync<PostgresException>(
            () => session.StepAsync("alice", "SELECT set_config('work_mem', '1MB', false), pg_advisory_lock(7)", statement));

        Assert.True(error.SqlState == sqlState, $"{error.SqlState} {error.MessageText}");
        await session.AssertUntouchedAsync();
        // Nothing of it stays in the connection either: the next role's step is not affected.
        Assert.Equal("bob bob off", await session.StepAsync(
            "bob", "SELECT concat_ws(' ', session_user, current_user, current_setting('is_superuser'))"));
        await session.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("ALTER ROLE alice SUPERUSER")]
    [InlineData("PERFORM set_config('role', 'postgres', false)")]
    [InlineData("PERFORM set_config('session_authorization', 'postgres', false)")]
    [InlineData("RESET ROLE")]
    [InlineData("PERFORM df._enter('postgres'::regrole, '0123456789abcdef')")]
    [InlineData("COMMIT")]
    [InlineData("DEALLOCATE ALL")]
    [InlineData("LISTEN a")]
    public async Task Commit_DeferredTriggerAttacks_CommitFails(string attack)
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.BeginAsync("alice",
            $"CREATE FUNCTION alice.attack() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN {attack}; RETURN NULL; END $f$",
            "CREATE TABLE alice.bait (a int)",
            "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON alice.bait DEFERRABLE INITIALLY DEFERRED "
                + "FOR EACH ROW EXECUTE FUNCTION alice.attack()",
            "INSERT INTO alice.bait VALUES (1)");

        await Assert.ThrowsAsync<PostgresException>(() => session.SealAndCommitAsync());

        await session.AssertUntouchedAsync();
        Assert.Equal(0L, await session.ScalarAsync("SELECT count(*) FROM pg_class WHERE relname = 'bait'"));
    }
}

using Npgsql;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>Steps that succeed and leave something in their session: neither the next step nor the worker finds it.</summary>
[Collection(SandboxCollection.Name)]
public sealed class LeftoverTests(SandboxFixture fixture)
{
    [Theory]
    [InlineData("SET search_path = alice")]
    [InlineData("SET SESSION work_mem = '1MB'")]
    [InlineData("SET LOCAL work_mem = '1MB'")]
    [InlineData("SELECT set_config('search_path', 'alice', false)")]
    [InlineData("SELECT set_config('statement_timeout', '60000', true)")]
    [InlineData("SET TimeZone = 'Asia/Tokyo'")]
    [InlineData("SET application_name = 'mallory'")]
    [InlineData("SET idle_in_transaction_session_timeout = '1h'")]
    [InlineData("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")]
    [InlineData("SET default_transaction_isolation = 'serializable'")]
    [InlineData("SET row_security = off")]
    [InlineData("SET standard_conforming_strings = off")]
    [InlineData("RESET ALL")]
    [InlineData("DO $$ BEGIN SET work_mem = '1MB'; PERFORM 1/0; EXCEPTION WHEN OTHERS THEN SET work_mem = '2MB'; END $$")]
    [InlineData("CREATE TEMP TABLE t (a int)")]
    [InlineData("CREATE TEMP TABLE t (a int) ON COMMIT DROP")]
    [InlineData("CREATE TEMP TABLE t (a serial PRIMARY KEY) ON COMMIT DELETE ROWS")]
    [InlineData("CREATE TEMP VIEW v AS SELECT 1")]
    [InlineData("CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE TYPE pg_temp.y AS (a int)")]
    [InlineData("SELECT pg_advisory_lock(42)")]
    [InlineData("SELECT pg_advisory_lock_shared(42, 7)")]
    [InlineData("SELECT pg_advisory_xact_lock(42)")]
    [InlineData("DECLARE c CURSOR FOR SELECT 1")]
    [InlineData("CLOSE ALL")]
    [InlineData("NOTIFY a, 'b'")]
    [InlineData("LOCK TABLE public.trace IN ACCESS EXCLUSIVE MODE")]
    [InlineData("SELECT lo_open(lo_creat(-1), 131072)")]
    [InlineData("DO $$ BEGIN LOAD 'x'; EXCEPTION WHEN OTHERS THEN NULL; END $$")]
    public async Task Step_LeavesSomethingInTheSession_IsGoneAfterCommitAndAfterAbort(string statement)
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);

        await session.StepAsync("alice", statement);
        await session.AssertUntouchedAsync();

        await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("alice", statement, "SELECT 1/0"));
        await session.AssertUntouchedAsync();
    }

    // Naming the session's temporary schema sets none of the flags by which PostgreSQL clears it.
    [Theory]
    [InlineData("CREATE DOMAIN %s.text AS pg_catalog.text CHECK (alice.trap(VALUE))")]
    [InlineData("CREATE FUNCTION %s.length(text) RETURNS int LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE TYPE %s.int4 AS ENUM ('a')")]
    [InlineData("CREATE OPERATOR %s.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.texteq)")]
    [InlineData("CREATE COLLATION %s.c FROM \"C\"")]
    [InlineData("CREATE TEXT SEARCH CONFIGURATION %s.english (COPY = pg_catalog.english)")]
    [InlineData("CREATE AGGREGATE %s.sum(text) (SFUNC = pg_catalog.textcat, STYPE = text)")]
    [InlineData("CREATE CAST (xml AS int) WITH FUNCTION alice.cast_trap(xml)")]
    public async Task Step_NamesTheTemporarySchema_NextRoleFindsNothingThere(string statement)
    {
        await fixture.Cluster.ExecuteAsync(
            """
            CREATE OR REPLACE FUNCTION alice.trap(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
            CREATE OR REPLACE FUNCTION alice.cast_trap(xml) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
            GRANT USAGE ON SCHEMA alice TO PUBLIC
            """);
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice", "CREATE TEMP TABLE x ()");
        try
        {
            await session.StepAsync(
                "alice", $"DO $$ BEGIN EXECUTE replace($f${statement}$f$, '%s', pg_my_temp_schema()::regnamespace::text); END $$");
        }
        catch (PostgresException e) when (e.SqlState == "42501")
        {
            // not even allowed in psql
        }
        Assert.Equal(0L, await fixture.Cluster.ScalarAsync<long>(
            $"""
             SELECT count(*) FROM pg_depend d JOIN pg_namespace n ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
              WHERE n.nspname = 'pg_temp_' || (SELECT backendid FROM pg_stat_get_backend_idset() backendid
                                               WHERE pg_stat_get_backend_pid(backendid) = {session.Connection.ProcessID})
             """));
        Assert.Equal("x", await session.StepAsync("bob", "SELECT 'x'::text"));
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Step_TemporaryTableWithDeferredTrigger_RunsAsTheRoleAndIsDropped()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice",
            "CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                + "INSERT INTO public.trace (what, who) VALUES ('temporary', current_user); RETURN NULL; END $$",
            "CREATE TEMP TABLE t (a int)",
            "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pg_temp.f()",
            "INSERT INTO t VALUES (1)");

        await session.AssertUntouchedAsync();
        Assert.Equal("alice", await session.ScalarAsync("SELECT who FROM public.trace WHERE what = 'temporary'"));
    }

    [Fact]
    public async Task Step_TemporaryTrap_OtherRoleDoesNotFallIntoIt()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice",
            "CREATE TEMP TABLE trace (what text, who text)",
            "CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE public.trapped (); RETURN NULL; END $$",
            "CREATE TRIGGER t AFTER INSERT ON pg_temp.trace EXECUTE FUNCTION pg_temp.f()");

        await session.StepAsync("bob", "INSERT INTO trace (what, who) VALUES ('no trap', current_user)");

        Assert.Equal("bob", await session.ScalarAsync("SELECT who FROM public.trace WHERE what = 'no trap'"));
    }

    [Fact]
    public async Task Step_Sequence_NextRoleCannotReadItsLastValue()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice", "SELECT nextval('public.trace_id_seq')");
        foreach (var read in (string[])["SELECT lastval()", "SELECT currval('public.trace_id_seq')"])
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("bob", read));
            Assert.Equal("55000", error.SqlState);
        }
    }

    [Fact]
    public async Task Step_OpensDblinkConnections_NextRoleCannotUseThem()
    {
        await fixture.Cluster.ExecuteAsync(
            "CREATE EXTENSION IF NOT EXISTS dblink; GRANT EXECUTE ON FUNCTION dblink_connect_u(text), "
            + "dblink_connect_u(text, text) TO alice");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var target = await fixture.Cluster.ScalarAsync<string>("SELECT format('host=%s port=%s dbname=postgres user=postgres', "
            + "current_setting('unix_socket_directories'), current_setting('port'))");

        await session.StepAsync("alice", $"SELECT dblink_connect_u('named', '{target}')", $"SELECT dblink_connect_u('{target}')");
        Assert.Null(await session.StepAsync("bob", "SELECT dblink_get_connections()"));
        foreach (var use in (string[])["SELECT dblink_exec('named', 'SELECT 1')", "SELECT * FROM dblink('SELECT 1') AS t (a int)"])
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("bob", use));
            Assert.True(error.SqlState is "08003" or "08001" or "2F003", $"{error.SqlState} {error.MessageText}");
        }
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Step_HostileSearchPath_WorkersNextStatementsDoNotSeeIt()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.BeginAsync("alice",
            "CREATE FUNCTION alice.trap(bytea) RETURNS boolean LANGUAGE plpgsql AS $$ "
                + "BEGIN CREATE TABLE alice.trapped (); RETURN true; END $$",
            "CREATE FUNCTION alice.trap(bytea, bytea) RETURNS boolean LANGUAGE plpgsql AS $$ "
                + "BEGIN CREATE TABLE alice.trapped (); RETURN true; END $$",
            "CREATE OPERATOR alice.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = alice.trap)",
            "SET search_path = alice, pg_catalog");
        await session.SealAndCommitAsync();

        Assert.Equal(0L, await session.ScalarAsync("SELECT count(*) FROM pg_class WHERE relname = 'trapped'"));
        await session.AssertUntouchedAsync();
        await fixture.Cluster.ExecuteAsync("DROP FUNCTION alice.trap(bytea), alice.trap(bytea, bytea) CASCADE");
    }
}

namespace PgDurable.Worker.Tests.Identity;

/// <summary>
/// Ways around the sandbox: texts that a client could split, objects that the worker's or the driver's own statements could meet, and what
/// a step leaves for the next.
/// </summary>
public sealed class BreakoutTests(AttackFixture fixture) : IClassFixture<AttackFixture>
{
    // Where PostgreSQL sees one statement, and a reader with another idea of strings several.
    [Theory]
    [InlineData(null, """CREATE INDEX CONCURRENTLY i ON _S_.bait (x) WHERE y <> _S_._e'\' --'; SET SESSION AUTHORIZATION postgres; """
        + """ALTER ROLE mallory SUPERUSER""")]
    [InlineData("standard_conforming_strings = off", """CREATE INDEX CONCURRENTLY i ON _S_.bait (x) WHERE y <> '\' AND y <> '; """
        + """SET SESSION AUTHORIZATION postgres; ALTER ROLE mallory SUPERUSER; --'""")]
    [InlineData(null, """VACUUM _S_.bait; SET SESSION AUTHORIZATION postgres; ALTER ROLE mallory SUPERUSER""")]
    [InlineData(null, """REINDEX TABLE CONCURRENTLY _S_.bait; RESET SESSION AUTHORIZATION; ALTER ROLE mallory SUPERUSER""")]
    [InlineData(null, """SELECT 1; ALTER ROLE mallory SUPERUSER""")]
    [InlineData(null, """CALL _S_.nothing(); RESET SESSION AUTHORIZATION; ALTER ROLE mallory SUPERUSER""")]
    [InlineData(null, """DO $$ BEGIN COMMIT; END $$; SET SESSION AUTHORIZATION postgres; ALTER ROLE mallory SUPERUSER""")]
    [InlineData("backslash_quote = on", """VACUUM (VERBOSE) _S_.bait /* ' /* */ */; ALTER ROLE mallory SUPERUSER; --'""")]
    public async Task Text_ThatClientsCouldSplit_IsOneStatement(string? setting, string statement)
    {
        var s = fixture.Mallory.Schema;
        await fixture.Mallory.ExecuteAsync(
            $"""
             DROP TABLE IF EXISTS {s}.bait;
             CREATE TABLE {s}.bait (x int, y text);
             CREATE OR REPLACE PROCEDURE {s}.nothing() LANGUAGE plpgsql AS 'BEGIN COMMIT; END';
             DO $$ BEGIN CREATE DOMAIN {s}._e AS text; EXCEPTION WHEN duplicate_object THEN NULL; END $$
             """);
        if (setting is not null)
            await fixture.Mallory.ExecuteAsync($"ALTER ROLE mallory SET {setting}");

        // Not by df.await_instance, for whose snapshot an index that is built concurrently would wait.
        var id = await fixture.Mallory.StartAsync(statement.Replace("_S_", s, StringComparison.Ordinal));
        await Poll.UntilAsync(
            "it has ended", async () => await fixture.Mallory.ScalarAsync<string>($"SELECT df.status('{id}')") is "completed" or "failed");

        await fixture.Mallory.ExecuteAsync("ALTER ROLE mallory RESET ALL");
        await fixture.AssertHarmlessAsync();
    }

    // What a client that connects looks for: its version, its types, ...
    private const string Traps =
        """
        CREATE SCHEMA evil AUTHORIZATION mallory;
        CREATE TABLE evil.loot (what text, who text, super text, program text);
        GRANT ALL ON SCHEMA evil TO PUBLIC;
        GRANT ALL ON evil.loot TO PUBLIC;
        CREATE FUNCTION evil.spring(p_what text) RETURNS void LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO evil.loot VALUES (p_what, current_user || ' ' || session_user, pg_catalog.current_setting('is_superuser'),
                pg_catalog.current_setting('application_name')); END $$;
        CREATE FUNCTION evil.version() RETURNS text LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('version'); RETURN pg_catalog.version(); END $$;
        CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('now'); RETURN pg_catalog.now(); END $$;
        CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('set_config'); RETURN $2; END $$;
        CREATE FUNCTION evil.current_setting(text, boolean) RETURNS text LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('current_setting'); RETURN ''; END $$;
        CREATE FUNCTION evil.pg_is_in_recovery() RETURNS boolean LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('pg_is_in_recovery'); RETURN false; END $$;
        CREATE FUNCTION evil.eq_oid_proc(oid, regproc) RETURNS boolean LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('oid = regproc'); RETURN true; END $$;
        CREATE FUNCTION evil.eq_oid_procedure(oid, regprocedure) RETURNS boolean LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('oid = regprocedure'); RETURN true; END $$;
        CREATE FUNCTION evil.eq_oid_class(oid, regclass) RETURNS boolean LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('oid = regclass'); RETURN true; END $$;
        CREATE FUNCTION evil.eq_name_text(name, text) RETURNS boolean LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('name = text'); RETURN true; END $$;
        CREATE FUNCTION evil.eq_name(name, name) RETURNS boolean LANGUAGE plpgsql AS
            $$ BEGIN PERFORM evil.spring('name = name'); RETURN true; END $$;
        CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = regproc, FUNCTION = evil.eq_oid_proc);
        CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = regprocedure, FUNCTION = evil.eq_oid_procedure);
        CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = evil.eq_oid_class);
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = text, FUNCTION = evil.eq_name_text);
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.eq_name);
        CREATE VIEW evil.pg_type AS SELECT t.*, evil.spring('pg_type')::text AS trap FROM pg_catalog.pg_type t;
        CREATE VIEW evil.pg_roles AS SELECT r.*, evil.spring('pg_roles')::text AS trap FROM pg_catalog.pg_roles r;
        CREATE VIEW evil.pg_settings AS SELECT s.*, evil.spring('pg_settings')::text AS trap FROM pg_catalog.pg_settings s;
        CREATE DOMAIN evil.bool AS pg_catalog.bool CHECK (evil.spring('bool') IS NOT NULL);
        CREATE DOMAIN evil.text AS pg_catalog.text CHECK (evil.spring('text') IS NOT NULL);
        """;

    [Fact]
    public async Task OtherDatabase_FullOfTraps_NoneSpringsForAnotherRole()
    {
        await fixture.Cluster.ExecuteAsync("CREATE DATABASE mine OWNER mallory");
        await fixture.Cluster.ExecuteAsync(Traps, "mine");
        await fixture.Cluster.ExecuteAsync("ALTER DATABASE mine SET search_path = evil, pg_catalog");

        Assert.Equal("completed", await fixture.Mallory.EndAsync(
            await fixture.Mallory.ScalarAsync<string>("SELECT df.start('SELECT 1', database => 'mine')")));
        await fixture.Mallory.EndAsync(
            await fixture.Mallory.ScalarAsync<string>("SELECT df.start('SELECT now(), version()', database => 'mine')"));
        await fixture.Mallory.EndAsync(await fixture.Mallory.ScalarAsync<string>("SELECT df.start('VACUUM', database => 'mine')"));

        // What its own statement asked for, it got.
        Assert.Equal("mallory mallory off", await SprungAsync(fixture.Cluster, "mine"));
        await fixture.AssertHarmlessAsync();
    }

    [Fact]
    public async Task WorkersDatabase_FullOfTraps_NoneSpringsWhenTheWorkerStarts()
    {
        // A cluster of its own: here the worker starts anew.
        await using var cluster = await Clusters.WithExtensionAsync(worker: true, ("pg_durable.max_user_connections", "2"));
        await using var mallory = await TestUser.CreateAsync(cluster, "mallory");
        await using var victim = await TestUser.CreateAsync(cluster, "victim");
        await cluster.ExecuteAsync(Traps);
        // What "$user" finds, for the worker's role and for those behind it.
        foreach (var schema in (string[])["postgres", "pgdurable_worker"])
            await cluster.ExecuteAsync(
                $"""
                 CREATE SCHEMA {schema};
                 CREATE OPERATOR {schema}.= (LEFTARG = oid, RIGHTARG = regprocedure, FUNCTION = evil.eq_oid_procedure);
                 CREATE OPERATOR {schema}.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = pg_catalog.oideq);
                 """);
        await cluster.ExecuteAsync("ALTER DATABASE postgres SET search_path = evil, pg_catalog");
        var before = await cluster.KillWorkerAsync();
        await cluster.WorkerPidAsync(not: before);

        // The victim has a path of its own; the database's would spring the traps for its own statements.
        await victim.ExecuteAsync("ALTER ROLE victim SET search_path = pg_catalog");
        Assert.Equal("completed", await victim.EndAsync(await victim.StartAsync("SELECT pg_catalog.now()")));
        Assert.Equal("completed", await victim.EndAsync(await victim.StartAsync("VACUUM")));
        Assert.Equal("", await SprungAsync(cluster));
        await cluster.ExecuteAsync("ALTER DATABASE postgres RESET search_path");
    }

    [Fact]
    public async Task TemporaryTypes_OfAnEarlierStep_AreNotTheNextRoles()
    {
        var s = fixture.Mallory.Schema;
        await fixture.Mallory.ExecuteAsync(
            $"CREATE OR REPLACE FUNCTION {s}.evil(text) RETURNS boolean LANGUAGE plpgsql "
                + $"AS $$ BEGIN INSERT INTO {s}.loot VALUES (current_user); RETURN true; END $$");
        for (var i = 0; i < 4; i++) // on all of the worker's connections
            await fixture.Mallory.EndAsync(await fixture.Mallory.StartAsync(
                $"DO $$ BEGIN CREATE TEMP TABLE x (); EXECUTE format('CREATE DOMAIN %s.text AS pg_catalog.text CHECK ({s}.evil(VALUE))', "
                    + "pg_my_temp_schema()::regnamespace); DROP TABLE x; END $$"));
        for (var i = 0; i < 4; i++)
            await fixture.Victim.EndAsync(await fixture.Victim.StartAsync("SELECT 'x'::text"));
        await fixture.AssertHarmlessAsync();
    }

    // For whom traps sprang on connections of the worker's; the tests' own spring them too.
    private static Task<string> SprungAsync(PgCluster cluster, string? database = null) => cluster.ScalarAsync<string>(
        "SELECT coalesce(string_agg(DISTINCT who || ' ' || super, ','), '') FROM evil.loot WHERE program LIKE 'pg_durable:%'", database);
}

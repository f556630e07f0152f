using Npgsql;
using PgDurable.Upgrade.Tests.Fixtures;

namespace PgDurable.Upgrade.Tests;

/// <summary>What a role of the database can prepare for the moment in which a superuser updates the extension.</summary>
public sealed class AttackTests : IAsyncLifetime
{
    // Functions and operators that fit better than PostgreSQL's own where the scripts call them, and that make their creator a superuser.
    private const string Traps = """
        CREATE FUNCTION trap() RETURNS text LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('is_superuser') = 'on' THEN ALTER ROLE mallory SUPERUSER; END IF;
            RETURN 'trapped';
        END $$;
        DO $do$
        DECLARE
            f record;
        BEGIN
            FOR f IN SELECT * FROM (VALUES
                ('format(text, text)', 'text'), ('format(text, regprocedure)', 'text'), ('format(text, text, regclass)', 'text'),
                ('unnest(regprocedure[])', 'SETOF regprocedure'), ('aclexplode(aclitem[])', 'SETOF record'), ('version()', 'text'),
                ('pg_extension_config_dump(regclass, text)', 'void'), ('concat_ws(text, text)', 'text')) v (signature, result)
            LOOP
                EXECUTE pg_catalog.format(
                    'CREATE FUNCTION %s RETURNS %s LANGUAGE plpgsql AS %L', f.signature, f.result,
                    'BEGIN PERFORM trap(); RETURN ' || CASE WHEN f.result = 'text' THEN '''trapped''' ELSE '' END || '; END');
            END LOOP;
        END $do$;
        CREATE FUNCTION equal(name, text) RETURNS bool LANGUAGE sql AS 'SELECT trap() IS NULL';
        CREATE FUNCTION equal(oid, regclass) RETURNS bool LANGUAGE sql AS 'SELECT trap() IS NULL';
        CREATE OPERATOR = (FUNCTION = equal, LEFTARG = name, RIGHTARG = text);
        CREATE OPERATOR = (FUNCTION = equal, LEFTARG = oid, RIGHTARG = regclass);
        CREATE OPERATOR ~ (FUNCTION = equal, LEFTARG = name, RIGHTARG = text);
        CREATE DOMAIN text AS pg_catalog.text;
        CREATE DOMAIN boolean AS pg_catalog.bool;
        CREATE VIEW pg_proc AS SELECT trap();
        CREATE VIEW pg_namespace AS SELECT trap();
        """;

    readonly ServerFiles _files = Release.Problem is null ? ServerFiles.WithRelease() : null!;
    PgCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        if (Release.Problem is not null)
            return;
        _cluster = await PgCluster.StartAsync(new() { PgConfig = _files.PgConfig });
        await _cluster.ExecuteAsync(
            """
            CREATE EXTENSION pg_durable;
            CREATE ROLE mallory LOGIN; CREATE ROLE app LOGIN; CREATE ROLE chief LOGIN; CREATE ROLE reader LOGIN;
            SELECT df.grant_usage('mallory'), df.grant_usage('app'), df.grant_usage('chief', with_grant => true);
            GRANT CREATE ON SCHEMA public TO mallory;
            CREATE SCHEMA trap AUTHORIZATION mallory;
            """);
        _files.InstallTree();
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _files?.Dispose();
    }

    [ReleaseFact]
    public async Task Update_TrapsInTheSearchPath_AreNotCalled()
    {
        await using (var mallory = await _cluster.ConnectAsync(user: "mallory"))
        {
            await ExecuteAsync(mallory, "SET search_path = trap, pg_catalog;" + Traps);
            await ExecuteAsync(mallory, "SET search_path = public, pg_catalog;" + Traps);
        }
        await _cluster.ExecuteAsync("ALTER DATABASE postgres SET search_path = trap, public, pg_catalog");
        await using (var administrator = await _cluster.ConnectAsync())
        {
            // The traps work: this session would fall into them.
            Assert.Equal("trapped", await ExecuteAsync(administrator, "BEGIN; SELECT version()"));
            await ExecuteAsync(administrator, "ROLLBACK");
            await ExecuteAsync(administrator, "ALTER EXTENSION pg_durable UPDATE");
        }
        Assert.False(await _cluster.ScalarAsync<bool>(
            "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) 'mallory'"));
        Assert.Equal(0L, await _cluster.ScalarAsync<long>(
            "SET search_path = pg_catalog; SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
                + "WHERE n.nspname = 'df' AND p.proowner = 'mallory'::regrole"));
    }

    /// <summary>An object that somebody has put where the update will create its own must not become the extension's.</summary>
    [ReleaseFact]
    public async Task Update_ObjectThatIsAlreadyThere_IsRefused()
    {
        await _cluster.ExecuteAsync("GRANT CREATE ON SCHEMA df TO mallory");
        await using (var mallory = await _cluster.ConnectAsync(user: "mallory"))
        {
            await ExecuteAsync(
                mallory, "CREATE FUNCTION df._grant_new() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER ROLE mallory SUPERUSER; END $$");
        }
        var error = await Assert.ThrowsAsync<PostgresException>(() => _cluster.ExecuteAsync("ALTER EXTENSION pg_durable UPDATE"));
        Assert.Contains("_grant_new", error.MessageText, StringComparison.Ordinal);
        Assert.Equal(Release.Version, await _cluster.ScalarAsync<string>("SELECT split_part(df.version(), ' ', 1)"));

        await _cluster.ExecuteAsync("DROP FUNCTION df._grant_new(); REVOKE CREATE ON SCHEMA df FROM mallory");
        await _cluster.ExecuteAsync("ALTER EXTENSION pg_durable UPDATE");
        Assert.False(await _cluster.ScalarAsync<bool>("SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'"));
    }

    /// <summary>Roles get what is new of the kinds that they have, no other role gets anything, and a dump has the grants.</summary>
    [ReleaseFact]
    public async Task Update_WhatIsNew_IsGrantedToThoseWhoHaveWhatWasThere()
    {
        await _cluster.ExecuteAsync("REVOKE EXECUTE ON FUNCTION df.cancel(text, text) FROM app");
        await _cluster.ExecuteAsync("ALTER EXTENSION pg_durable UPDATE");
        const string granted =
            """
            SELECT string_agg(concat_ws(' ', r.rolname,
                       has_function_privilege(r.oid, 'df.list_instances_on_all_nodes(text, integer, text, boolean)', o),
                       has_function_privilege(r.oid, 'df.grant_usage_on_all_nodes(text, boolean, boolean)', o)), ', ' ORDER BY r.rolname)
              FROM pg_roles r, (VALUES ('{0}')) v (o) WHERE r.rolname IN ('app', 'chief', 'reader')
            """;
        Assert.Equal("app t f, chief t t, reader f f", await _cluster.ScalarAsync<string>(granted.Replace("{0}", "EXECUTE")));
        Assert.Equal(
            "app f f, chief t t, reader f f", await _cluster.ScalarAsync<string>(granted.Replace("{0}", "EXECUTE WITH GRANT OPTION")));
        Assert.False(await _cluster.ScalarAsync<bool>("SELECT has_function_privilege('app', 'df.cancel(text, text)', 'EXECUTE')"));
        Assert.Equal(0L, await _cluster.ScalarAsync<long>(
            "SELECT count(*) FROM pg_init_privs, aclexplode(initprivs) WHERE grantee IN ('app'::regrole, 'chief'::regrole)"));

        // Anybody may alter an extension of their own, also where this one is.
        await _cluster.ExecuteAsync("GRANT CREATE ON DATABASE postgres TO mallory");
        await using var mallory = await _cluster.ConnectAsync(user: "mallory");
        await ExecuteAsync(mallory, "CREATE EXTENSION hstore SCHEMA trap; ALTER EXTENSION hstore UPDATE");
    }

    static async Task<string?> ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync() as string;
    }
}

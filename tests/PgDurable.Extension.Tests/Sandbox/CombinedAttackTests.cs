using System.Text;
using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>
/// Tries every attack in every way in which a role's code gets to run. An attack may fail or do nothing, but afterwards everything is as
/// before.
/// </summary>
[Collection(SandboxCollection.Name)]
public sealed class CombinedAttackTests(SandboxFixture fixture)
{
    public static TheoryData<string> Ways => new(Attacks.Ways.Keys);

    public static TheoryData<string> WaysAlone => new(Attacks.WaysAlone.Keys);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Step_TriesEverything_GainsNothing(string way)
    {
        await using var admin = await fixture.Cluster.ConnectAsync();
        await PrepareAsync(admin, eventTrigger: way.StartsWith("event", StringComparison.Ordinal));
        var session = await WorkerSession.OpenAsync(fixture.Cluster);
        try
        {
            foreach (var thing in Attacks.Things)
            {
                await MakeAttackAsync(admin, thing);
                try
                {
                    await session.StepAsync("alice", Attacks.Ways[way].Select(Call).ToArray());
                }
                catch (PostgresException e) when (e.SqlState == "DF030")
                {
                    await session.DisposeAsync();
                    session = await WorkerSession.OpenAsync(fixture.Cluster);
                }
                catch (PostgresException)
                {
                    // refused
                }
                await AssertHeldAsync(admin, $"{way}: {thing}");
                await session.AssertUntouchedAsync();
            }
            Assert.Equal("bob bob off", await StepOfBobAsync(session));
        }
        finally
        {
            await session.DisposeAsync();
            await CleanAsync(admin);
        }
        Figures.Count("attacks tried and held", Attacks.Things.Length);
    }

    [Theory]
    [MemberData(nameof(WaysAlone))]
    public async Task StatementAlone_TriesEverything_GainsNothing(string way)
    {
        await using var admin = await fixture.Cluster.ConnectAsync();
        await PrepareAsync(admin, eventTrigger: false);
        var alice = await fixture.Cluster.ScalarAsync<uint>("SELECT 'alice'::regrole::oid");
        try
        {
            foreach (var thing in Attacks.Things)
            {
                var (setup, statement) = Attacks.WaysAlone[way];
                await MakeAttackAsync(admin, thing);
                await ExecuteAsync(admin, "SET SESSION AUTHORIZATION alice; DROP TABLE IF EXISTS alice.bait; "
                    + "DROP PROCEDURE IF EXISTS alice.p(); DROP FUNCTION IF EXISTS alice.i(int)");
                // What the preparation itself triggers is a rehearsal: it runs as alice in an ordinary session.
                await ExecuteAsync(admin, "SET app.rehearsal = 'on'");
                if (setup.Length > 0)
                    await ExecuteAsync(admin, Call(setup));
                await ExecuteAsync(admin, "RESET app.rehearsal; RESET SESSION AUTHORIZATION");

                var options = $"-c pg_durable.session=role:{alice}";
                await using (var session = new NpgsqlConnection(
                    fixture.Cluster.ConnectionString(options: options) + ";Server Compatibility Mode=NoTypeLoading"))
                {
                    await session.OpenAsync();
                    try
                    {
                        await using var batch = new NpgsqlBatch(session) { BatchCommands = { new NpgsqlBatchCommand(Call(statement)) } };
                        await batch.ExecuteNonQueryAsync();
                    }
                    catch (PostgresException)
                    {
                        // refused
                    }
                }
                await AssertHeldAsync(admin, $"{way}: {thing}");
            }
        }
        finally
        {
            await CleanAsync(admin);
        }
        Figures.Count("attacks tried and held", Attacks.Things.Length);
    }

    // Settings that a role and a database may have for new sessions: they apply to steps, but not to the worker's sessions.
    [Theory]
    [InlineData("ALTER ROLE alice SET {0}")]
    [InlineData("ALTER ROLE alice IN DATABASE postgres SET {0}")]
    [InlineData("ALTER DATABASE postgres SET {0}")]
    public async Task Defaults_OfRoleAndDatabase_GiveNobodyAnything(string statement)
    {
        string[] settings =
        [
            "session_authorization = 'postgres'", "role = 'postgres'", "role = 'bob'", "search_path = alice, pg_catalog",
            "default_transaction_read_only = on", "default_transaction_isolation = 'serializable'", "default_transaction_deferrable = on",
            "statement_timeout = 1", "lock_timeout = 1", "idle_session_timeout = 1", "exit_on_error = on",
            "client_connection_check_interval = 0", "client_encoding = 'LATIN1'", "standard_conforming_strings = off",
            "transform_null_equals = on", "jit_above_cost = 0", "jit_optimize_above_cost = 0", "enable_indexscan = off",
            "enable_seqscan = off", "random_page_cost = 1e10", "plan_cache_mode = force_custom_plan", "debug_print_plan = on",
            "debug_print_parse = on", "client_min_messages = debug5", "row_security = off", "quote_all_identifiers = on",
            "bytea_output = escape", "DateStyle = German", "IntervalStyle = sql_standard", "extra_float_digits = -15",
            "TimeZone = 'Asia/Tokyo'", "xmloption = document", "array_nulls = off", "default_tablespace = 'x'",
            "default_table_access_method = 'x'", "temp_tablespaces = 'x'", "check_function_bodies = off",
            "max_parallel_workers_per_gather = 0", "work_mem = 64", "app.own = 'x'",
        ];
        await using var admin = await fixture.Cluster.ConnectAsync();
        await PrepareAsync(admin, eventTrigger: false);
        foreach (var setting in settings)
        {
            // Set for the database, they would end the test's own connections.
            if (statement.StartsWith("ALTER DATABASE", StringComparison.Ordinal)
                && setting.EndsWith("_timeout = 1", StringComparison.Ordinal))
                continue;
            try
            {
                await ExecuteAsync(admin, string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, setting));
            }
            catch (PostgresException)
            {
                continue; // PostgreSQL accepts it from nobody
            }
            try
            {
                await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
                Assert.Equal("pgdurable_worker pgdurable_worker off|pg_catalog,pg_temp", await session.ScalarAsync(
                    "SELECT concat_ws(' ', session_user, current_user, current_setting('is_superuser')) || '|' || "
                        + "current_setting('search_path')"));
                try
                {
                    Assert.Equal("alice alice off", await session.StepAsync("alice",
                        "SELECT pg_catalog.concat_ws(' ', session_user, current_user, pg_catalog.current_setting('is_superuser'))"));
                }
                catch (PostgresException e) when (e.SqlState is "57014" or "55P03")
                {
                    // the time-out that the role has set itself
                }
                await AssertHeldAsync(admin, setting);
            }
            finally
            {
                await ExecuteAsync(admin,
                    "ALTER ROLE alice RESET ALL; ALTER ROLE alice IN DATABASE postgres RESET ALL; ALTER DATABASE postgres RESET ALL");
            }
        }
        await CleanAsync(admin);
        Figures.Count("attacks tried and held", settings.Length);
    }

    private static string Call(string statement) => statement.Replace("_F_", "alice.attack()", StringComparison.Ordinal);

    private static async Task<object?> StepOfBobAsync(WorkerSession session)
    {
        try
        {
            return await session.StepAsync("bob", "SELECT concat_ws(' ', session_user, current_user, current_setting('is_superuser'))");
        }
        catch (PostgresException e) when (e.SqlState == "DF030")
        {
            return "bob bob off"; // the worker opens another session
        }
    }

    private const string EventTrigger =
        "CREATE EVENT TRIGGER careless ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION alice.event();";

    private static Task PrepareAsync(NpgsqlConnection admin, bool eventTrigger) => ExecuteAsync(admin,
        $$"""
          DROP SCHEMA IF EXISTS bob CASCADE; CREATE SCHEMA bob AUTHORIZATION bob;
          CREATE TABLE bob.secrets AS SELECT 'v1ct1m' AS s; ALTER TABLE bob.secrets OWNER TO bob;
          GRANT USAGE, CREATE ON SCHEMA alice TO alice; DELETE FROM public.trace; SELECT df.grant_usage('alice');
          CREATE OR REPLACE FUNCTION alice.event() RETURNS event_trigger LANGUAGE plpgsql AS $f$ BEGIN PERFORM alice.attack(); END $f$;
          ALTER FUNCTION alice.event() OWNER TO alice;
          {{(eventTrigger ? EventTrigger : "")}}
          """);

    // It tries once with a caught error, and reports its identity before and after.
    private static Task MakeAttackAsync(NpgsqlConnection admin, string thing) => ExecuteAsync(admin,
        $$"""
          CREATE OR REPLACE FUNCTION alice.attack() RETURNS int LANGUAGE plpgsql VOLATILE AS $attack$
          BEGIN
              BEGIN
                  {{thing}};
              EXCEPTION WHEN OTHERS THEN NULL;
              END;
              IF current_setting('app.rehearsal', true) IS DISTINCT FROM 'on' THEN
                  INSERT INTO public.trace (what, who)
                  VALUES ('mark', concat_ws(' ', session_user, current_user, current_setting('is_superuser')));
              END IF;
              RETURN 1;
          END $attack$;
          ALTER FUNCTION alice.attack() OWNER TO alice
          """);

    private static async Task AssertHeldAsync(NpgsqlConnection admin, string what)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT concat_ws('; ',
                (SELECT 'was ' || string_agg(DISTINCT who, ', ') FROM public.trace WHERE what = 'mark' AND who <> 'alice alice off'),
                (SELECT 'stole ' || count(*) FROM public.trace
                  WHERE who = 'stolen' OR what LIKE '%v1ct1m%' OR what LIKE 'root:%' OR what LIKE 'uid=%' HAVING count(*) > 0),
                (SELECT 'rights of ' || string_agg(rolname, ', ') FROM pg_roles
                  WHERE rolname IN ('alice', 'bob', 'pgdurable_worker', 'mallory')
                    AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)),
                (SELECT 'members: ' || count(*) FROM pg_auth_members
                  WHERE member IN ('alice'::regrole, 'pgdurable_worker'::regrole) HAVING count(*) > 0),
                (SELECT 'owns ' || string_agg(relname, ', ') FROM pg_class
                  WHERE relnamespace = 'df'::regnamespace AND relowner = 'alice'::regrole),
                (SELECT 'settings ' || string_agg(setconfig::text, ', ') FROM pg_db_role_setting WHERE setrole = 'postgres'::regrole),
                (SELECT 'triggers ' || string_agg(evtname, ', ') FROM pg_event_trigger WHERE evtname = 'mallory'),
                (SELECT 'outcomes ' || count(*) FROM df.outcomes HAVING count(*) > 0))
            """, admin);
        Assert.Equal($"{what}: ", $"{what}: {await command.ExecuteScalarAsync()}");
    }

    private static async Task CleanAsync(NpgsqlConnection admin)
    {
        var drop = new StringBuilder("RESET SESSION AUTHORIZATION; DROP EVENT TRIGGER IF EXISTS careless; "
            + "DROP SCHEMA IF EXISTS bob CASCADE; DROP SCHEMA alice CASCADE; ");
        drop.Append("CREATE SCHEMA alice AUTHORIZATION alice; DELETE FROM public.trace; SELECT df.revoke_usage('alice')");
        await ExecuteAsync(admin, drop.ToString());
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

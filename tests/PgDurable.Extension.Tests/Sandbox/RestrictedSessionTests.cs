using Npgsql;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>The wall behind the sandbox: the worker's sessions have no rights, and no way to get any.</summary>
[Collection(SandboxCollection.Name)]
public sealed partial class RestrictedSessionTests(SandboxFixture fixture)
{
    const string NoPrivilege = "42501", CannotChange = "55P02", NotSupported = "0A000";
    const string Who = "SELECT concat_ws(' ', session_user, current_user, current_setting('is_superuser'))";

    // Outside of steps, where there is no sandbox.
    [Theory]
    [InlineData("SET SESSION AUTHORIZATION postgres")]
    [InlineData("SET LOCAL SESSION AUTHORIZATION postgres")]
    [InlineData("SET SESSION AUTHORIZATION alice")]
    [InlineData("SET ROLE postgres")]
    [InlineData("SET ROLE alice")]
    [InlineData("SELECT set_config('session_authorization', 'postgres', false)")]
    [InlineData("SELECT set_config('role', 'postgres', false)")]
    [InlineData("DO $$ BEGIN SET SESSION AUTHORIZATION postgres; END $$")]
    [InlineData("DO $$ BEGIN SET ROLE postgres; END $$")]
    [InlineData("CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE sql SET session_authorization = 'postgres' AS ''")]
    [InlineData("CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE sql SET role = 'postgres' AS ''")]
    [InlineData("ALTER ROLE alice SUPERUSER")]
    [InlineData("ALTER ROLE pgdurable_worker SUPERUSER")]
    [InlineData("GRANT postgres TO pgdurable_worker")]
    [InlineData("CREATE ROLE mallory SUPERUSER")]
    [InlineData("ALTER SYSTEM SET pg_durable.worker_role = 'alice'")]
    [InlineData("ALTER DATABASE postgres SET search_path = alice")]
    [InlineData("COPY public.trace TO PROGRAM 'id'")]
    [InlineData("SELECT pg_read_file('postgresql.conf')")]
    [InlineData("SELECT * FROM df.checkpoints")]
    [InlineData("SELECT * FROM df.submissions")]
    [InlineData("DELETE FROM df.queue")]
    [InlineData("LOCK TABLE df.queue")]
    [InlineData("SELECT df._enter('bob'::regrole, '')")]
    [InlineData("SELECT df._commit_step('', 1, 1, 0, '', 0, 1, now(), '{}', NULL, true, NULL)")]
    [InlineData("SELECT df._record(1, '[]', '{1}')")]
    [InlineData("SELECT df.grant_usage('alice')")]
    [InlineData("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")]
    public async Task Statement_InTheWorkersSession_GainsNothing(string statement)
    {
        await using var steps = await WorkerSession.OpenAsync(fixture.Cluster);
        await using var control = await fixture.Cluster.ConnectAsync(options: "-c pg_durable.session=control");
        foreach (var connection in (NpgsqlConnection[])[steps.Connection, control])
        {
            try
            {
                await ScalarAsync(connection, statement);
                // A session with its own rights may only get a notice that nothing changed.
                Assert.Fail($"{statement} went through");
            }
            catch (PostgresException e)
            {
                Assert.True(e.SqlState is NoPrivilege or CannotChange or "25P01" or "55000", $"{e.SqlState} {e.MessageText}");
            }
            Assert.Equal("pgdurable_worker pgdurable_worker off", await ScalarAsync(connection, Who));
        }
        await steps.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("RESET SESSION AUTHORIZATION")]
    [InlineData("SET SESSION AUTHORIZATION DEFAULT")]
    [InlineData("SET LOCAL SESSION AUTHORIZATION DEFAULT")]
    [InlineData("RESET ROLE")]
    [InlineData("SET ROLE NONE")]
    [InlineData("RESET ALL")]
    [InlineData("DISCARD ALL")]
    [InlineData("SELECT set_config('session_authorization', NULL, false)")]
    [InlineData("SELECT set_config('role', NULL, false)")]
    [InlineData("RESET pg_durable.session")]
    [InlineData("SET pg_durable.session = ''")]
    [InlineData("SET pg_durable.session = 'control'")]
    [InlineData("SET pg_durable.session = 'role:10'")]
    public async Task Reset_InTheWorkersSession_LeadsBackToNobody(string statement)
    {
        await using var steps = await WorkerSession.OpenAsync(fixture.Cluster);
        await using var control = await fixture.Cluster.ConnectAsync(options: "-c pg_durable.session=control");
        foreach (var connection in (NpgsqlConnection[])[steps.Connection, control])
        {
            try
            {
                await ScalarAsync(connection, statement);
            }
            catch (PostgresException e)
            {
                Assert.Equal(CannotChange, e.SqlState);
            }
            Assert.Equal("pgdurable_worker pgdurable_worker off", await ScalarAsync(connection, Who));
        }
    }

    // Grants on the role, by somebody who may grant it, neither open the worker's functions nor give the worker any rights.
    [Fact]
    public async Task WorkersRole_MembersAndMemberships_AreOfNoUse()
    {
        await fixture.Cluster.ExecuteAsync("GRANT pgdurable_worker TO alice; GRANT bob TO pgdurable_worker");
        try
        {
            await using var alice = await fixture.Cluster.ConnectAsync();
            await ScalarAsync(alice, "SET SESSION AUTHORIZATION alice");
            await ScalarAsync(alice, "SET ROLE pgdurable_worker");
            string[] calls =
            [
                "df._worker_register('h', 1, '1')", "df._worker_claim(1, 1, NULL)", "df._worker_record(1, '[]')",
                "df._worker_setting('database')",
            ];
            foreach (var call in calls)
                Assert.Equal(
                    NoPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(alice, $"SELECT {call}"))).SqlState);
            Assert.Equal("55000",
                (await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(alice, "SELECT df._enter('bob'::regrole, '')"))).SqlState);

            await using var control = await fixture.Cluster.ConnectAsync(options: "-c pg_durable.session=control");
            Assert.Equal(NoPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(control, "SET ROLE bob"))).SqlState);
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("REVOKE pgdurable_worker FROM alice; REVOKE bob FROM pgdurable_worker");
        }
    }

    [Fact]
    public async Task StepsSession_CannotCallTheWorkersFunctions()
    {
        await using var steps = await WorkerSession.OpenAsync(fixture.Cluster);
        string[] calls =
            ["df._worker_register('h', 1, '1')", "df._worker_claim(1, 1, NULL)", "df._worker_record(1, '[]')", "df._worker_cancel(1, '')"];
        foreach (var call in calls)
            Assert.Equal(NoPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => steps.ScalarAsync($"SELECT {call}"))).SqlState);
    }

    [Theory]
    [InlineData("control", "42501")]
    [InlineData("steps:00", "22023")]
    [InlineData("nonsense", "22023")]
    public async Task Session_AskedForByOthersOrWrongly_DoesNotBegin(string value, string sqlState)
    {
        await fixture.Cluster.ExecuteAsync("ALTER ROLE bob LOGIN");
        var user = sqlState == NoPrivilege ? "bob" : null;
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => fixture.Cluster.ConnectAsync(user: user, options: $"-c pg_durable.session={value}"));
        Assert.Equal(sqlState, error.SqlState);
    }

    [Theory]
    [InlineData("ALTER ROLE bob SET pg_durable.session = 'control'")]
    [InlineData("ALTER DATABASE postgres SET pg_durable.session = 'control'")]
    [InlineData("ALTER SYSTEM SET pg_durable.session = 'control'")]
    [InlineData("SET pg_durable.session = 'control'")]
    public async Task Session_SetOtherwise_IsRefused(string statement)
    {
        await using var connection = await fixture.Cluster.ConnectAsync();
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(connection, statement));
    }

    // A role's transactions begin with its defaults.
    [Theory]
    [InlineData("default_transaction_read_only = on", "25006")]
    [InlineData("default_transaction_isolation = 'repeatable read'", null)]
    [InlineData("default_transaction_isolation = 'serializable'", null)]
    public async Task Step_TransactionDefaultsOfTheRole_ApplyAsInPsql(string setting, string? sqlState)
    {
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE bob SET {setting}");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        try
        {
            const string Insert = "INSERT INTO public.trace (what, who) VALUES ('default', current_user)";
            if (sqlState is not null)
                Assert.Equal(sqlState, (await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("bob", Insert))).SqlState);
            else
                await session.StepAsync("bob", Insert);
            var shown = await session.StepAsync(
                "bob", "SELECT concat_ws(' ', current_setting('transaction_read_only'), current_setting('transaction_isolation'))");
            Assert.Equal(sqlState is null ? $"off {setting.Split('\'')[1]}" : "on read committed", shown);
            // and they don't apply to others
            Assert.Equal("off read committed", await session.StepAsync(
                "alice", "SELECT concat_ws(' ', current_setting('transaction_read_only'), current_setting('transaction_isolation'))"));
            await session.AssertUntouchedAsync();
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("ALTER ROLE bob RESET ALL");
        }
    }

    [Fact]
    public async Task Functions_OfTheWorker_RunAsTheirOwnerAndCheckTheirCaller()
    {
        Assert.Equal("", await fixture.Cluster.ScalarAsync<string>(
            """
            SELECT coalesce(string_agg(p.oid::regprocedure::text, ', '), '') FROM pg_proc p
             WHERE p.pronamespace = 'df'::regnamespace AND p.proname ~ '^_worker_' AND p.proname <> '_worker_lock_class'
               AND NOT (p.prosecdef AND p.prosrc ~ '(PERFORM|SELECT) df\._require_worker\(\);'
                        AND has_function_privilege('pgdurable_worker', p.oid, 'EXECUTE'))
            """));
        Assert.Equal("", await fixture.Cluster.ScalarAsync<string>(
            """
            SELECT coalesce(string_agg(c.relname, ', '), '') FROM pg_class c
             WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('r', 'v')
               AND has_any_column_privilege('pgdurable_worker', c.oid, 'SELECT, INSERT, UPDATE')
            """));
        Assert.Equal(0L, await fixture.Cluster.ScalarAsync<long>(
            "SELECT count(*) FROM pg_shdepend WHERE refobjid = 'pgdurable_worker'::regrole AND deptype = 'o'"));
    }

    async Task<NpgsqlConnection> OpenRoleAsync(string role, string? database = null, string kind = "role")
    {
        var oid = await fixture.Cluster.ScalarAsync<uint>($"SELECT oid FROM pg_roles WHERE rolname = '{role}'");
        // Without a statement of the driver, which would be the only one that the session allows.
        var builder =
            new NpgsqlConnectionStringBuilder(fixture.Cluster.ConnectionString(database, options: $"-c pg_durable.session={kind}:{oid}"));
#pragma warning disable CS0618 // The worker's connections are opened like this.
        builder.ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading;
#pragma warning restore CS0618
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

using Npgsql;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>The identity of a step, and the settings that it begins with.</summary>
[Collection(SandboxCollection.Name)]
public sealed class IdentityTests(SandboxFixture fixture)
{
    const string WhoAmI = "SELECT concat_ws(' ', session_user, current_user, current_setting('is_superuser'))";

    [Fact]
    public async Task Step_IsTheRole_AndTheConnectionIsTheWorkersAfterwards()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal("alice alice off", await session.StepAsync("alice", WhoAmI));
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Step_AfterCaughtErrors_IsStillTheRole()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal("alice alice off", await session.StepAsync("alice",
            "DO $$ BEGIN FOR i IN 1..3 LOOP BEGIN SET ROLE postgres; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$", WhoAmI));
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Step_SecurityDefinerFunction_WorksAndReturnsToTheRole()
    {
        await fixture.Cluster.ExecuteAsync(
            "CREATE OR REPLACE FUNCTION public.definer() RETURNS text LANGUAGE sql SECURITY DEFINER SET work_mem = '5MB' "
                + "AS 'SELECT current_user || current_setting(''work_mem'')'");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal("postgres5MB", await session.StepAsync("alice", "SELECT public.definer()"));
        Assert.Equal("alice alice off", await session.StepAsync("alice", "SELECT public.definer()", WhoAmI));
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Step_ParallelQuery_WorkersAreTheRoleToo()
    {
        await fixture.Cluster.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS public.big AS SELECT i FROM generate_series(1, 200000) i;
            GRANT SELECT ON public.big TO PUBLIC;
            ANALYZE public.big;
            CREATE OR REPLACE FUNCTION public.who() RETURNS text LANGUAGE plpgsql PARALLEL SAFE AS
                'BEGIN RETURN concat_ws('' '', session_user, current_user); END';
            """);
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        string[] parallel = ["SET parallel_setup_cost = 0", "SET parallel_tuple_cost = 0", "SET min_parallel_table_scan_size = 0",
            "SET parallel_leader_participation = off"];

        var plan = await session.StepAsync("alice", [.. parallel, "EXPLAIN (FORMAT json) SELECT public.who() FROM public.big GROUP BY 1"]);
        Assert.Contains("Gather", plan!.ToString(), StringComparison.Ordinal);
        Assert.Equal("alice alice", await session.StepAsync(
            "alice", [.. parallel, "SELECT string_agg(w, ',') FROM (SELECT public.who() AS w FROM public.big GROUP BY 1) x"]));
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Step_ManyRolesOnOneConnection_EachIsItself()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        for (var i = 0; i < 200; i++)
        {
            var role = i % 3 == 0 ? "bob" : "alice";
            if (i % 5 == 0)
                await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync(role, "SELECT 1/0"));
            Assert.Equal($"{role} {role} off", await session.StepAsync(role, WhoAmI));
        }
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Step_NameThatNeedsQuotes_IsTheRole()
    {
        const string Name = "Role with \"quotes\", 'others' and ü";
        await fixture.Cluster.CreateRoleAsync(Name);
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal(Name, await session.StepAsync(Name.Replace("'", "''", StringComparison.Ordinal), "SELECT current_user"));
    }

    [Fact]
    public async Task Step_Cancelled_ConnectionIsTheWorkersAgain()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var running = session.StepAsync("alice", "SELECT pg_sleep(60)");
        await PgDurable.TestKit.Poll.UntilAsync("the step sleeps", async () =>
            await fixture.Cluster.ScalarAsync<bool>("SELECT coalesce(bool_or(pg_cancel_backend(pid)), false) FROM pg_stat_activity "
                + $"WHERE pid = {session.Connection.ProcessID} AND wait_event = 'PgSleep'"));

        var error = await Assert.ThrowsAsync<PostgresException>(() => running);

        Assert.Equal("57014", error.SqlState);
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Enter_Settings_AreTheOnesThatAllStepsHave()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await fixture.Cluster.ExecuteAsync("ALTER ROLE bob SET TimeZone = 'Asia/Tokyo'; ALTER ROLE bob SET DateStyle = 'German'");
        Assert.Equal("UTC|ISO, MDY|postgres|hex|UTF8|true", await session.StepAsync("bob",
            "SELECT concat_ws('|', current_setting('TimeZone'), current_setting('DateStyle'), current_setting('IntervalStyle'), "
                + "current_setting('bytea_output'), current_setting('client_encoding'), current_setting('df.in_workflow'))"));
        await fixture.Cluster.ExecuteAsync("ALTER ROLE bob RESET ALL");
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Enter_DefaultsOfRoleAndDatabase_ApplyAsAtALogin()
    {
        await fixture.Cluster.CreateRoleAsync("settled");
        await fixture.Cluster.ExecuteAsync(
            """
            ALTER DATABASE postgres SET work_mem = '11MB';
            ALTER DATABASE postgres SET maintenance_work_mem = '12MB';
            ALTER ROLE settled SET work_mem = '13MB';
            ALTER ROLE settled SET temp_buffers = '14MB';
            ALTER ROLE settled IN DATABASE postgres SET temp_buffers = '15MB';
            ALTER ROLE settled SET search_path = alice, public;
            ALTER ROLE settled SET session_replication_role = replica;
            """);
        try
        {
            await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
            const string Read = "SELECT concat_ws(' ', current_setting('work_mem'), current_setting('maintenance_work_mem'), "
                + "current_setting('temp_buffers'), current_setting('search_path'), current_setting('session_replication_role'))";
            Assert.Equal("13MB 12MB 15MB alice, public replica", await session.StepAsync("settled", Read));
            Assert.Equal("11MB 12MB 8MB \"$user\", public origin", await session.StepAsync("alice", Read));
            await session.AssertUntouchedAsync();
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync(
                "ALTER DATABASE postgres RESET ALL; ALTER ROLE settled RESET ALL; ALTER ROLE settled IN DATABASE postgres RESET ALL");
        }
    }

    [Fact]
    public async Task Enter_DefaultThatIsNoLongerValid_IsAWarning()
    {
        await fixture.Cluster.CreateRoleAsync("invalid");
        await fixture.Cluster.ExecuteAsync("CREATE ROLE gone; GRANT gone TO invalid; ALTER ROLE invalid SET role = gone; "
            + "ALTER ROLE invalid SET work_mem = '7MB'; DROP ROLE gone");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var warnings = new List<string>();
        session.Connection.Notice += (_, e) => warnings.Add(e.Notice.MessageText);

        Assert.Equal("invalid 7MB", await session.StepAsync("invalid", "SELECT current_user || ' ' || current_setting('work_mem')"));

        Assert.Contains(warnings, w => w.Contains("gone", StringComparison.Ordinal));
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Enter_DefaultRole_AppliesAsAtALoginAndStays()
    {
        await fixture.Cluster.CreateRoleAsync("member");
        await fixture.Cluster.ExecuteAsync("GRANT bob TO member; ALTER ROLE member SET role = 'bob'");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal("member bob off", await session.StepAsync("member", WhoAmI));
        await session.AssertUntouchedAsync();
        await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("member", "RESET ROLE"));
        await session.AssertUntouchedAsync();
    }

    // A role may store anything here. At login, PostgreSQL checks it against the role that logs in, which is the worker.
    [Theory]
    [InlineData("session_authorization", "postgres")]
    [InlineData("role", "postgres")]
    [InlineData("client_connection_check_interval", "0")]
    [InlineData("exit_on_error", "on")]
    public async Task Enter_HostileDefault_DoesNotApply(string name, string value)
    {
        await fixture.Cluster.CreateRoleAsync("mallory");
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE mallory SET {name} = '{value}'");
        try
        {
            await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
            Assert.Equal("mallory mallory off off", await session.StepAsync("mallory",
                "SELECT concat_ws(' ', session_user, current_user, current_setting('is_superuser'), current_setting('exit_on_error'))"));
            await session.AssertUntouchedAsync();
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync("ALTER ROLE mallory RESET ALL");
        }
    }

    [Fact]
    public async Task Enter_DefaultRoleIsASuperuser_IsRefused()
    {
        await fixture.Cluster.CreateRoleAsync("heir");
        await fixture.Cluster.ExecuteAsync("GRANT postgres TO heir; ALTER ROLE heir SET role = 'postgres'");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("heir", "SELECT 1"));
        Assert.Equal("DF011", error.SqlState);
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Enter_DroppedRole_SaysSo()
    {
        await fixture.Cluster.CreateRoleAsync("dropped");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var oid = await session.RoleOidAsync("dropped");
        await fixture.Cluster.ExecuteAsync("DROP ROLE dropped");

        await session.ScalarAsync("BEGIN");
        var error =
            await Assert.ThrowsAsync<PostgresException>(() => session.ScalarAsync($"SELECT df._enter({oid}, $1)", session.Tokens.Next()));

        Assert.Equal("DF010", error.SqlState);
        Assert.NotNull(error.Hint);
        await session.RollbackAsync();
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Enter_Superuser_IsRefused()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("postgres", "SELECT 1"));
        Assert.Equal("DF011", error.SqlState);
        Assert.Contains("pg_durable.enable_superuser_instances", error.MessageText, StringComparison.Ordinal);
        await session.AssertUntouchedAsync();
    }
}

using Npgsql;

namespace PgDurable.Extension.Tests.Sandbox;

/// <summary>Settings that a step changes hold until its end, and no longer.</summary>
[Collection(SandboxCollection.Name)]
public sealed class LeftoverSettingTests(SandboxFixture fixture)
{
    [Fact]
    public async Task Step_OwnSetting_HoldsUntilItsEnd()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        Assert.Equal("3MB", await session.StepAsync("alice", "SET work_mem = '3MB'", "SELECT current_setting('work_mem')"));
    }

    // PostgreSQL never forgets the name of a setting, so the session may serve no other role.
    [Theory]
    [InlineData("SET my.own = 'x'")]
    [InlineData("SELECT set_config('my.own', 'x', true)")]
    public async Task Step_SettingOfItsOwn_SessionRunsNoOtherRole(string statement)
    {
        const string Read = "SELECT coalesce(current_setting('my.own', true), '')";
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice", statement);
        Assert.Equal("", await session.StepAsync("alice", Read));
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("bob", Read));
        Assert.Equal("DF030", error.SqlState);
    }

    [Fact]
    public async Task Step_ThousandsOfSettings_SessionRunsNobody()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        await session.StepAsync("alice", "SELECT set_config('my.own' || i, 'x', true) FROM generate_series(1, 200) i");
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.StepAsync("alice", "SELECT 1"));
        Assert.Equal("DF030", error.SqlState);
    }

    // Cached plans depend on the settings at the time.
    [Fact]
    public async Task Step_ChangesThePlanner_NextRolesPlansAreItsOwn()
    {
        await fixture.Cluster.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS public.keyed AS SELECT i AS id FROM generate_series(1, 10000) i;
            CREATE INDEX IF NOT EXISTS keyed_idx ON public.keyed (id);
            ANALYZE public.keyed;
            GRANT SELECT ON public.keyed TO PUBLIC;
            CREATE OR REPLACE FUNCTION public.plan_of() RETURNS text LANGUAGE plpgsql AS
                $$
                DECLARE v text; n int;
                BEGIN
                    FOR i IN 1 .. 6 LOOP SELECT count(*) INTO n FROM public.keyed k WHERE k.id = i; END LOOP;
                    RETURN n;
                END $$;
            """);
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        const string Fast = "SELECT idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'keyed'";
        await session.StepAsync(
            "alice",
            "DO $$ BEGIN SET enable_indexscan = off; SET enable_bitmapscan = off; "
            + "SET enable_indexonlyscan = off; PERFORM public.plan_of(); END $$");
        Assert.Equal(6L, await session.StepAsync("bob", "SELECT public.plan_of()", Fast));
        await session.AssertUntouchedAsync();
    }

    // As in psql, RESET restores the role's defaults, and lifts no restriction of an administrator.
    [Theory]
    [InlineData("RESET ALL")]
    [InlineData("RESET work_mem")]
    [InlineData("SET work_mem TO DEFAULT")]
    [InlineData("SET LOCAL work_mem TO DEFAULT")]
    public async Task Step_Reset_GivesTheRolesDefaults(string reset)
    {
        await fixture.Cluster.ExecuteAsync("ALTER ROLE alice SET temp_file_limit = '1MB'; ALTER ROLE alice SET work_mem = '1MB'; "
            + "ALTER ROLE alice SET search_path = alice");
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var settings = await session.StepAsync("alice", "SET work_mem = '2MB'", reset,
            "SELECT concat_ws(' ', current_setting('temp_file_limit'), current_setting('work_mem'), current_setting('search_path'), "
                + "current_setting('TimeZone'))");
        await fixture.Cluster.ExecuteAsync("ALTER ROLE alice RESET ALL");

        Assert.Equal("1MB 1MB alice UTC", settings);
        await session.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Step_SetsSeed_NextRolesRandomIsNotPredictable()
    {
        await using var session = await WorkerSession.OpenAsync(fixture.Cluster);
        var values = new List<object?>();
        for (var i = 0; i < 3; i++)
        {
            await session.StepAsync("alice", "SELECT setseed(0.5)");
            values.Add(await session.StepAsync("bob", "SELECT random()"));
        }
        Assert.Equal(3, values.Distinct().Count());
    }
}

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Steps run as the role that started them, with what a login would give it.</summary>
[Collection(WorkerCollection.Name)]
public sealed class StepIdentityTests(WorkerFixture fixture)
{
    const string WhoAmI = "SELECT session_user AS session, current_user AS current, current_setting('is_superuser') AS super";

    [Theory]
    [InlineData("ordinary_role")]
    [InlineData("role\"with\"quote")]
    [InlineData("it's $$ \\ one")]
    [InlineData("MixedCase")]
    [InlineData("über-🐘.rolle")]
    [InlineData("123")]
    [InlineData("-")]
    public async Task Step_OfARoleWithoutLogin_RunsAsIt(string role)
    {
        await using var user = await fixture.UserAsync(role);

        var row = await user.RunAsync(
            Graphs.Sequence(("first", WhoAmI), (null, $"SELECT $first.session AS first, {WhoAmI["SELECT ".Length..]}")));

        Assert.Equal(role, row.GetProperty("first").GetString());
        Assert.Equal(role, row.GetProperty("session").GetString());
        Assert.Equal(role, row.GetProperty("current").GetString());
        Assert.Equal("off", row.GetProperty("super").GetString());
        Assert.Equal(1L, await user.ScalarAsync<long>("SELECT count(*) FROM df.list_instances()"));
    }

    [Fact]
    public async Task Start_ComposedWithOperators_RunsBothSteps()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.ScalarAsync<string>("SELECT df.start('SELECT 20 AS n' |=> 'a' ~> 'SELECT $a.n + 1 AS n, current_user AS who')");

        var result = await user.ResultAsync(id);

        Assert.Equal(21, result.GetProperty("rows")[0].GetProperty("n").GetInt32());
        Assert.Equal(user.Role, result.GetProperty("rows")[0].GetProperty("who").GetString());
        Assert.Equal(1, result.GetProperty("row_count").GetInt32());
        Assert.Equal("completed completed", await user.ScalarAsync<string>("SELECT string_agg(status, ' ') FROM df.history($1)", id));
    }

    [Fact]
    public async Task Step_DefaultsOfRoleAndDatabase_Apply()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("CREATE TABLE " + user.Schema + ".mine AS SELECT 7 AS n");
        await fixture.Cluster.ExecuteAsync(
            $"""
             ALTER ROLE {user.Role} SET search_path = {user.Schema};
             ALTER ROLE {user.Role} IN DATABASE postgres SET work_mem = '3MB';
             ALTER DATABASE postgres SET pgd_test.of_database = 'yes'
             """);

        var row = await user.RunAsync(
            "SELECT n, current_setting('work_mem') AS work_mem, current_setting('pgd_test.of_database', true) AS of_database, "
                + "current_setting('search_path') AS path FROM mine");

        Assert.Equal(7, row.GetProperty("n").GetInt32());
        Assert.Equal("3MB", row.GetProperty("work_mem").GetString());
        Assert.Equal("yes", row.GetProperty("of_database").GetString());
        Assert.Equal(user.Schema, row.GetProperty("path").GetString());
    }

    [Fact]
    public async Task Step_LeavesSettingTemporaryTableAndLock_NextStepFindsNothing()
    {
        await using var user = await fixture.UserAsync();
        var steps = Graphs.Sequence(
            "SELECT set_config('search_path', 'nowhere', false), set_config('pgd_test.left', 'x', false), pg_advisory_lock(4711)",
            "CREATE TEMP TABLE left_behind (a int)",
            """
            SELECT current_setting('search_path') AS path, coalesce(current_setting('pgd_test.left', true), '') AS setting,
                   to_regclass('pg_temp.left_behind') IS NULL AS no_table,
                   (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711) AS locks
            """);

        // Several at once, so that every connection of the worker gets to see it.
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
            ids.Add(await user.StartAsync(steps));

        foreach (var id in ids)
        {
            var row = (await user.ResultAsync(id)).GetProperty("rows")[0];
            Assert.DoesNotContain("nowhere", row.GetProperty("path").GetString());
            Assert.Equal("", row.GetProperty("setting").GetString());
            Assert.True(row.GetProperty("no_table").GetBoolean());
        }
        Assert.Equal(
            0L, await fixture.Cluster.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711"));
    }

    [Fact]
    public async Task RevokeUsage_WhileRunning_FailsWithTheReason()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var id = await user.StartAsync(
            Graphs.Sequence($"WITH g AS MATERIALIZED (SELECT {gate.Pass}) INSERT INTO {user.Schema}.t SELECT 1 FROM g", "SELECT 1"));
        await gate.WaitedForAsync();

        await fixture.Cluster.ExecuteAsync($"SELECT df.revoke_usage('{user.Role}')");
        await gate.OpenAsync();

        await Poll.UntilAsync("the instance has failed", () => fixture.Cluster.ScalarAsync<bool>(
            $"SELECT EXISTS (SELECT FROM df.instances WHERE id = '{id}' AND status = 'failed')"));
        var error = await fixture.Cluster.ScalarAsync<string>($"SELECT df.error('{id}')");
        Assert.Contains("42501", error);
        Assert.Contains("permission denied for", error);
        Assert.Equal(0L, await user.CountAsync("t"));
    }
}

namespace PgDurable.Worker.Tests.Schedules;

/// <summary>Schedules, from df.schedule to the end of what they start.</summary>
[Collection(WorkerCollection.Name)]
public sealed class ScheduleTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Schedule_New_ShowsItsNextRunInItsTimeZone()
    {
        await using var user = await UserAsync("SELECT 1");
        await user.ExecuteAsync("SELECT df.schedule('s', '0 3 * * *', 'w', timezone => 'Europe/Paris')");
        await user.SeenAsync("s");
        const string threeInParis =
            """
            SELECT next_run = ((next_run AT TIME ZONE 'Europe/Paris')::date + time '03:00') AT TIME ZONE 'Europe/Paris'
               AND next_run > now() AND next_run <= now() + interval '25 hours' FROM df.schedules
            """;
        Assert.True(await user.ScalarAsync<bool>(threeInParis));

        // A migration that runs again leaves it alone.
        var before = await user.ScalarAsync<string>("SELECT s::text FROM df.schedules s");
        Assert.Equal("unchanged", await user.ScalarAsync<string>("SELECT df.schedule('s', '0 3 * * *', 'w', timezone => 'Europe/Paris')"));
        Assert.Equal(before, await user.ScalarAsync<string>("SELECT s::text FROM df.schedules s"));
        Assert.Equal("changed", await user.ScalarAsync<string>("SELECT df.schedule('s', '0 3 * * *', 'w')"));
        await user.SeenAsync("s");
        Assert.Equal("03:00:00", await user.ScalarAsync<string>("SELECT (next_run AT TIME ZONE 'UTC')::time::text FROM df.schedules"));
    }

    [Theory]
    [InlineData("skip", "")]
    [InlineData("one", "40")]
    [InlineData("all", "0 20 40")]
    public async Task Worker_AwayForADay_CatchesUpAsAsked(string catchUp, string minutes)
    {
        await using var user = await UserAsync("INSERT INTO {0}.t VALUES ($input.n, current_user)");
        await user.ExecuteAsync(
            "SELECT df.schedule('s', $1, 'w', '{\"n\": 1}', catch_up => $2, overlap => 'allow')", PastTicks.Cron("0,20,40"), catchUp);
        await user.MissADayAsync("s");
        await user.CaughtUpAsync("s");

        Assert.Equal(minutes, await user.ScalarAsync<string>(
            "SELECT coalesce(string_agg(substring(idempotency_key FROM '([0-9]{2})Z')::integer::text, ' ' ORDER BY idempotency_key), '') "
                + "FROM df.submissions"));
        var instances = minutes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        await Poll.UntilAsync("all of them have ended", () => user.ScalarAsync<bool>(
            "SELECT count(*) FILTER (WHERE status = 'completed' AND label = 's') = $1 FROM df.instances", instances));
        Assert.Equal(instances, await user.CountAsync($"t WHERE n = 1 AND who = '{user.Role}'"));
        if (instances > 0)
            Assert.True(
                await user.ScalarAsync<bool>("SELECT i.id IS NOT NULL FROM df.schedules s JOIN df.instances i ON i.id = s.last_instance"));
    }

    [Fact]
    public async Task Queue_InstanceRuns_TheNextBeginsWhenItHasEnded()
    {
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        await using var user = await UserAsync($"SELECT {gate.Pass}");
        await user.ExecuteAsync("SELECT df.schedule('s', $1, 'w', overlap => 'queue', catch_up => 'all')", PastTicks.Cron("0,20,40"));
        await user.MissADayAsync("s");
        await gate.WaitedForAsync();
        Assert.Equal(2, await user.ScalarAsync<int>("SELECT queued FROM df.schedules"));
        Assert.Equal(1L, await user.ScalarAsync<long>("SELECT count(*) FROM df.instances"));
        await gate.OpenAsync();

        await Poll.UntilAsync(
            "all of them have run", () => user.ScalarAsync<bool>("SELECT count(*) = 3 FROM df.instances WHERE status = 'completed'"));
        Assert.True(await user.ScalarAsync<bool>(
            "SELECT bool_and(started_at > ended) FROM (SELECT started_at, lag(ended_at) OVER (ORDER BY started_at) AS ended "
                + "FROM df.instances) i WHERE ended IS NOT NULL"));
        await Poll.UntilAsync("nothing is queued", () => user.ScalarAsync<bool>("SELECT queued = 0 FROM df.schedules"));
    }

    [Fact]
    public async Task Skip_InstanceRuns_NothingElseBegins()
    {
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        await using var user = await UserAsync($"SELECT {gate.Pass}");
        await user.ExecuteAsync("SELECT df.schedule('s', $1, 'w', catch_up => 'all')", PastTicks.Cron("0,20,40"));
        await user.MissADayAsync("s");
        await gate.WaitedForAsync();
        await user.ExecuteAsync("SELECT df.schedule('s', $1, 'w', catch_up => 'all')", PastTicks.Cron("50"));
        await user.MissADayAsync("s");
        await user.CaughtUpAsync("s");
        await gate.OpenAsync();

        Assert.Equal("completed", await user.EndAsync(await user.ScalarAsync<string>("SELECT last_instance::text FROM df.schedules")));
        Assert.Equal(1L, await user.ScalarAsync<long>("SELECT count(*) FROM df.instances"));
    }

    [Fact]
    public async Task CancelRunning_InstanceRuns_IsCancelledForTheNext()
    {
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        await using var user = await UserAsync($"SELECT {gate.Pass}");
        await user.ExecuteAsync("SELECT df.schedule('s', $1, 'w', overlap => 'cancel_running')", PastTicks.Cron("0"));
        await user.MissADayAsync("s");
        await gate.WaitedForAsync();
        var first = await user.ScalarAsync<string>("SELECT last_instance::text FROM df.schedules");
        await user.ExecuteAsync("SELECT df.schedule('s', $1, 'w', overlap => 'cancel_running')", PastTicks.Cron("50"));
        await user.MissADayAsync("s");

        Assert.Equal("cancelled", await user.EndAsync(first));
        await gate.OpenAsync();
        Assert.Equal("completed", await user.EndAsync(
            await user.ScalarAsync<string>("SELECT last_instance::text FROM df.schedules WHERE last_instance <> $1", first)));
    }

    [Fact]
    public async Task Pause_TicksMissed_AreNeverStarted()
    {
        await using var user = await UserAsync("SELECT 1");
        foreach (var name in (string[])["paused", "other"])
        {
            await user.ExecuteAsync("SELECT df.schedule($1, $2, 'w', catch_up => 'all')", name, PastTicks.Cron("10"));
            await user.SeenAsync(name);
        }
        await user.ExecuteAsync("SELECT df.pause_schedule('paused')");
        await fixture.Cluster.ExecuteAsync(
            $"""
             UPDATE df.schedule_runs SET dealt_with = now() - interval '1 day', due_at = '-infinity', pass = pass + 1
              WHERE schedule_no IN (SELECT schedule_no FROM df.schedule_entries WHERE owner = '{user.Role}'::regrole)
             """);
        await Poll.UntilAsync(
            "the other one has run", () => user.ScalarAsync<bool>("SELECT count(*) = 1 FROM df.instances WHERE label = 'other'"));
        await Poll.UntilAsync("the paused one was looked at", () => fixture.Cluster.ScalarAsync<bool>(
            "SELECT bool_or(due_at = 'infinity') FROM df.schedule_runs JOIN df.schedule_entries e USING (schedule_no) "
                + $"WHERE e.owner = '{user.Role}'::regrole"));
        await user.ExecuteAsync("SELECT df.resume_schedule('paused')");
        await user.SeenAsync("paused");
        Assert.Equal(0L, await user.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE label = 'paused'"));
    }

    [Fact]
    public async Task Schedule_WithoutAnyMoment_SaysSo()
    {
        await using var user = await UserAsync("SELECT 1");
        await user.ExecuteAsync("SELECT df.schedule('s', '0 0 30 2 *', 'w')");
        await Poll.UntilAsync("the problem is shown", () => user.ScalarAsync<bool>(
            "SELECT coalesce(problem, '') = '''0 0 30 2 *'' names no moment in the years to come' AND next_run IS NULL FROM df.schedules"));
    }

    // Past df.schedule a role can write anything into its own row; the others' go on.
    [Fact]
    public async Task Schedule_WrittenPastTheFunction_HarmsNobody()
    {
        await using var user = await UserAsync("SELECT 1");
        await user.ExecuteAsync(
            """
            INSERT INTO df.schedule_entries (name, cron, timezone, workflow, overlap, catch_up, jitter_seconds)
            VALUES ('cron', 'x', NULL, 'w', 'skip', 'all', 0), ('zone', '@daily', 'Mars/Olympus', 'w', 'skip', 'all', 0)
            """);
        await user.ExecuteAsync("SELECT df.schedule('s', $1, 'w')", PastTicks.Cron("10"));
        await user.MissADayAsync("s");
        await Poll.UntilAsync(
            "the good one runs", () => user.ScalarAsync<bool>("SELECT last_run IS NOT NULL FROM df.schedules WHERE name = 's'"));
        await Poll.UntilAsync("the problems are shown", () => user.ScalarAsync<bool>(
            """
            SELECT string_agg(problem, '; ' ORDER BY name) IS NOT DISTINCT FROM
                   'Invalid cron expression ''x'': expected 5 fields (minute, hour, day of month, month, day of week), '
                   'found 1; time zone ''Mars/Olympus'' is not known to the worker''s machine'
              FROM df.schedules
            """));
    }

    async Task<TestUser> UserAsync(string sql)
    {
        var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (n int, who text)");
        await user.ScalarAsync<int>("SELECT df.register_workflow('w', $1)", sql.Replace("{0}", user.Schema, StringComparison.Ordinal));
        return user;
    }
}

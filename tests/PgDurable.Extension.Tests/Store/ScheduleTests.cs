using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>What becomes of the ticks that a worker has planned. Statements that would wait for a lock fail here.</summary>
public sealed class ScheduleTests(StoreFixture fixture) : StoreTest(fixture)
{
    private const string Plan =
        """
        SELECT format('SELECT df._worker_tick(%s, %s, %s, %L, $1, ''2100-01-01'', NULL)', schedule_no, pass, revision, now)
          FROM df._worker_schedules(NULL, 10)
        """;

    [Theory]
    [InlineData("allow", "1 2 3", "")]
    [InlineData("skip", "1", "")]
    [InlineData("queue", "1", "2 3")]
    [InlineData("cancel_running", "3", "")]
    public async Task Tick_ThreeAtOnce_AsTheOverlapPolicySays(string overlap, string started, string queued)
    {
        await ScheduleAsync($"overlap => '{overlap}'");
        Assert.Null(await TickAsync(1, 2, 3));
        Assert.Equal(started, await StartedAsync());
        Assert.Equal(queued, await QueuedAsync());
        Assert.Equal(started.Split(' ')[^1], await User.ScalarAsync<string>("SELECT extract(minute FROM last_run)::text FROM df.schedules"));
    }

    [Theory]
    [InlineData("allow", "1 2", "", 0)]
    [InlineData("skip", "1", "", 0)]
    [InlineData("queue", "1", "2", 0)]
    [InlineData("cancel_running", "1 2", "", 1)]
    public async Task Tick_EarlierInstanceRuns_AsTheOverlapPolicySays(string overlap, string started, string queued, int cancelled)
    {
        await ScheduleAsync($"overlap => '{overlap}'");
        await TickAsync(1);
        await Worker.ClaimOneAsync();
        Assert.Null(await TickAsync(2));
        Assert.Equal(started, await StartedAsync());
        Assert.Equal(queued, await QueuedAsync());
        Assert.Equal(cancelled, await User.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE status = 'cancelled'"));
        if (cancelled > 0)
            Assert.Equal("""{"message" : "canceled: the next run of schedule s begins"}""",
                await User.ScalarAsync<string>("SELECT df.error(id) FROM df.instances WHERE status = 'cancelled'"));
    }

    [Theory]
    [InlineData("skip")]
    [InlineData("queue")]
    [InlineData("cancel_running")]
    public async Task Tick_EarlierInstanceEnded_Starts(string overlap)
    {
        await ScheduleAsync($"overlap => '{overlap}'");
        await TickAsync(1);
        await Worker.EndAsync((await Worker.ClaimOneAsync()).Instance);
        await TickAsync(2);
        Assert.Equal("1 2", await StartedAsync());
    }

    [Fact]
    public async Task Tick_Queued_StartOneAfterTheOther()
    {
        await ScheduleAsync("overlap => 'queue'");
        await TickAsync(1, 2, 3);
        Assert.True(await Worker.ScalarAsync<bool>("SELECT due_at < clock_timestamp() + interval '2 seconds' FROM df.schedule_runs"));
        await TickAsync();
        Assert.Equal(("1", "2 3"), (await StartedAsync(), await QueuedAsync()));
        await Worker.EndAsync((await Worker.ClaimOneAsync()).Instance);
        await TickAsync();
        Assert.Equal(("1 2", "3"), (await StartedAsync(), await QueuedAsync()));
        await Worker.EndAsync((await Worker.ClaimOneAsync()).Instance);
        await TickAsync(4);
        Assert.Equal(("1 2 3", "4"), (await StartedAsync(), await QueuedAsync()));
    }

    [Fact]
    public async Task Tick_MoreThanAHundredQueued_DropsTheOldestAndSaysSo()
    {
        await ScheduleAsync("overlap => 'queue'");
        Assert.Null(await TickAsync(0));
        Assert.Equal("more than 100 ticks are waiting; the oldest were dropped", await TickAsync([.. Enumerable.Range(1, 102)]));
        Assert.Equal(100, await User.ScalarAsync<int>("SELECT queued FROM df.schedules"));
        Assert.StartsWith("3 4 5 ", await QueuedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tick_PlannedByTwoWorkers_CountsOnce()
    {
        await ScheduleAsync("overlap => 'allow'");
        await using var other = await Fixture.WorkerAsync();
        var mine = await PlanAsync(Worker);
        var others = await PlanAsync(other);
        await other.ExecuteAsync("BEGIN");
        await other.ScalarAsync<string>(others, At(1));
        // While the other one has it in hand, and after that.
        await Worker.ScalarAsync<string>(mine, At(2));
        await other.ExecuteAsync("COMMIT");
        await Worker.ScalarAsync<string>(mine, At(2));
        Assert.Equal("1", await StartedAsync());
    }

    [Fact]
    public async Task Tick_RolledBack_StartsNothingAndIsPlannedAgain()
    {
        await ScheduleAsync("overlap => 'allow'");
        await Worker.ExecuteAsync("BEGIN");
        await TickAsync(1);
        await Worker.ExecuteAsync("ROLLBACK");
        Assert.Equal("", await StartedAsync());
        await TickAsync(1);
        Assert.Equal("1", await StartedAsync());
    }

    [Fact]
    public async Task Tick_RemovedAndMadeAgain_StartsNoTickTwice()
    {
        await ScheduleAsync("overlap => 'allow'");
        await TickAsync(1);
        await User.ExecuteAsync("SELECT df.unschedule('s')");
        await ScheduleAsync("overlap => 'allow'");
        await TickAsync(1, 2);
        Assert.Equal("1 2", await StartedAsync());
    }

    [Fact]
    public async Task Tick_ScheduleChangedSinceItWasPlanned_DoesNothing()
    {
        await ScheduleAsync();
        var plan = await PlanAsync(Worker);
        await User.ExecuteAsync("SELECT df.schedule('s', '@hourly', 'w')");
        await Worker.ScalarAsync<string>(plan, At(1));
        Assert.Equal("", await StartedAsync());
    }

    // Whatever the owner's transactions do, a worker neither waits for them nor loses a tick.
    [Fact]
    public async Task Tick_OwnerHasTheKeyInAnOpenTransaction_IsLaterAndNotLost()
    {
        await ScheduleAsync("overlap => 'allow'");
        await User.ExecuteAsync("BEGIN");
        await User.StartAsync("'SELECT 1', idempotency_key => 'schedule s 2026-01-01T00:01Z'");
        Assert.Null(await TickAsync(1));
        Assert.True(await Worker.ScalarAsync<bool>("SELECT due_at > now() AND last_run IS NULL FROM df.schedule_runs"));
        await User.ExecuteAsync("ROLLBACK");
        await TickAsync(1);
        Assert.Equal("1", await StartedAsync());
    }

    [Fact]
    public async Task Tick_InstanceToCancelIsLocked_IsLaterAndNotLost()
    {
        await ScheduleAsync("overlap => 'cancel_running'");
        await TickAsync(1);
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.cancel(id) FROM df.instances");
        await TickAsync(2);
        await User.ExecuteAsync("ROLLBACK");
        Assert.Equal(("1", "running"), (await StartedAsync(), await Worker.ScalarAsync<string>("SELECT CASE WHEN count(*) = 1 THEN 'running' END FROM df.queue")));
        await TickAsync(2);
        Assert.Equal("1 2", await StartedAsync());
    }

    [Fact]
    public async Task Change_Uncommitted_TicksGoOnAsBefore()
    {
        await ScheduleAsync("overlap => 'allow'");
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.schedule('s', '@hourly', 'w', overlap => 'allow')");
        await TickAsync(1);
        await User.ExecuteAsync("SELECT df.unschedule('s')");
        await TickAsync(2);
        Assert.Equal("1 2", await StartedAsync());
        await User.ExecuteAsync("COMMIT");
        await TickAsync();
        Assert.Equal(0, await Worker.CountAsync("schedule_runs"));
    }

    // The ticks of the old expression that nobody has seen are gone with it; a pause leaves a gap.
    [Theory]
    [InlineData("SELECT df.schedule('s', '@hourly', 'w')")]
    [InlineData("SELECT df.pause_schedule('s'); SELECT df.resume_schedule('s')")]
    public async Task Change_OfTheTicks_BeginsAnew(string change)
    {
        await ScheduleAsync();
        await TickAsync(1);
        await Worker.ExecuteAsync("UPDATE df.schedule_runs SET dealt_with = dealt_with - interval '1 day', due_at = '-infinity'");
        await Fixture.Cluster.ExecuteAsync($"SET ROLE alice; {change}");
        Assert.True(await Worker.ScalarAsync<bool>("SELECT dealt_with > now() - interval '1 minute' FROM df._worker_schedules(NULL, 10)"));
    }

    [Fact]
    public async Task Jitter_StartsLaterByTheSameTimeForTheSameTick()
    {
        await ScheduleAsync("overlap => 'allow', jitter_seconds => 60");
        await TickAsync(1, 2);
        var delays = await Worker.ColumnAsync<double>(
            "SELECT extract(epoch FROM start_at - date_trunc('minute', start_at))::float8 FROM df.submissions ORDER BY instance_no");
        Assert.All(delays, delay => Assert.InRange(delay, 0, 60));
        Assert.NotEqual(delays[0], delays[1]);
        await Worker.ExecuteAsync("DELETE FROM df.submissions");
        await Worker.ExecuteAsync("UPDATE df.schedule_runs SET due_at = '-infinity'");
        await TickAsync(1, 2);
        Assert.Equal(delays, await Worker.ColumnAsync<double>(
            "SELECT extract(epoch FROM start_at - date_trunc('minute', start_at))::float8 FROM df.submissions ORDER BY instance_no"));
    }

    [Fact]
    public async Task Tick_VariablesAndVersion_AreThoseOfTheMoment()
    {
        await ScheduleAsync("overlap => 'allow'");
        await User.ExecuteAsync("SELECT df.setvar('region', 'EU')");
        await TickAsync(1);
        await User.ExecuteAsync("SELECT df.setvar('region', 'US'), df.register_workflow('w', 'SELECT 2')");
        await TickAsync(2);
        Assert.Equal(["1 EU", "2 US"], await Worker.ColumnAsync<string>(
            "SELECT concat_ws(' ', workflow_version, vars ->> 'region') FROM df.submissions ORDER BY instance_no"));
    }

    [Fact]
    public async Task Tick_OwnerDropped_ScheduleIsRemoved()
    {
        await Fixture.Cluster.CreateRoleAsync("leaver");
        await Fixture.Cluster.ExecuteAsync(
            """
            SELECT df.grant_usage('leaver');
            SET ROLE leaver; SELECT df.register_workflow('w', 'SELECT 1'); SELECT df.schedule('s', '@daily', 'w'); RESET ROLE;
            """);
        await TickAsync();
        await Fixture.Cluster.ExecuteAsync("DROP OWNED BY leaver; DROP ROLE leaver; UPDATE df.schedule_runs SET due_at = '-infinity'");
        Assert.Equal("schedule s was removed because its owner was dropped", await TickAsync(1));
        Assert.Equal(0, await Worker.CountAsync("schedule_entries"));
        await TickAsync();
        Assert.Equal(0, await Worker.CountAsync("schedule_runs"));
    }

    [Fact]
    public async Task Tick_OwnerMayNoLonger_StartsNothingAndSaysWhy()
    {
        await Fixture.Cluster.CreateRoleAsync("guest");
        await Fixture.Cluster.ExecuteAsync(
            """
            SELECT df.grant_usage('guest');
            SET ROLE guest; SELECT df.register_workflow('w', 'SELECT 1'); SELECT df.schedule('s', '@daily', 'w'); RESET ROLE;
            SELECT df.revoke_usage('guest');
            """);
        Assert.Equal("role guest may not start workflows: use df.grant_usage to allow it", await TickAsync(1));
        await Fixture.Cluster.ExecuteAsync("ALTER ROLE guest SUPERUSER");
        Assert.StartsWith("pg_durable: superuser instances are disabled. \"guest\" is a superuser", await TickAsync(2), StringComparison.Ordinal);
        await Fixture.Cluster.ExecuteAsync("ALTER ROLE guest NOSUPERUSER; SELECT df.grant_usage('guest')");
        Assert.Null(await TickAsync(3));
        Assert.Equal("3", await StartedAsync());
    }

    // What a tick costs the worker is limited; df.start has no such limits, because it costs the caller.
    [Fact]
    public async Task Tick_OwnerHasHugeVariables_StartsNothingAndSaysWhy()
    {
        await ScheduleAsync();
        await User.ExecuteAsync("SELECT df.setvar('big', repeat('x', 1100000))");
        Assert.Equal("the variables of role alice are larger than 1 MB", await TickAsync(1));
        await User.ExecuteAsync("SELECT df.clearvars()");
        Assert.Null(await TickAsync(2));
        Assert.Equal("2", await StartedAsync());
    }

    [Fact]
    public async Task Tick_Fails_IsShownAndPlannedAgain()
    {
        await ScheduleAsync();
        await Fixture.Cluster.ExecuteAsync("ALTER TABLE df.submissions ADD CONSTRAINT no_more CHECK (label <> 's') NOT VALID");
        try
        {
            Assert.Contains("no_more", await TickAsync(1), StringComparison.Ordinal);
            Assert.Contains("no_more", await User.ScalarAsync<string>("SELECT problem FROM df.schedules"), StringComparison.Ordinal);
        }
        finally
        {
            await Fixture.Cluster.ExecuteAsync("ALTER TABLE df.submissions DROP CONSTRAINT no_more");
        }
        Assert.Null(await TickAsync(1));
        Assert.Equal("1", await StartedAsync());
    }

    [Theory]
    [InlineData("df.schedule('s', '* * * * *' || repeat(' ', 1000), 'w')", "Cron expression is longer than 1000 characters")]
    [InlineData("df.schedule('s', '@daily', 'w', to_jsonb(repeat('x', 1100000)))",
        "Schedule input is larger than 1 MB: keep the data in a table and pass its key")]
    public async Task Schedule_TooLarge_IsRefused(string call, string message)
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        Assert.Equal(message, (await Assert.ThrowsAsync<PostgresException>(() => User.ExecuteAsync($"SELECT {call}"))).MessageText);
        foreach (var column in (string[])["cron", "timezone"])
            Assert.Equal("23514", (await Assert.ThrowsAsync<PostgresException>(async () =>
            {
                await User.ExecuteAsync("SELECT df.schedule('s', '@daily', 'w')");
                await User.ExecuteAsync($"UPDATE df.schedule_entries SET {column} = repeat('x', 1001)");
            })).SqlState);
    }

    [Fact]
    public async Task Schedule_OfASuperuser_IsRefused()
    {
        await Worker.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        var error = await Assert.ThrowsAsync<PostgresException>(() => Worker.ExecuteAsync("SELECT df.schedule('s', '@daily', 'w')"));
        Assert.Equal("DF011", error.SqlState);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public async Task Schedule_TheSameFromTenConnections_IsMadeOnce()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            await using var session = await Fixture.UserAsync();
            return await session.ScalarAsync<string>("SELECT df.schedule('s', '@daily', 'w')");
        }));
        Assert.Single(answers, "created");
        Assert.Equal(1, await Worker.CountAsync("schedule_entries"));
    }

    [Fact]
    public async Task Schedule_Unchanged_WritesNothing()
    {
        await ScheduleAsync();
        await using var other = await Fixture.UserAsync();
        await other.ExecuteAsync("BEGIN READ ONLY");
        Assert.Equal("unchanged", await other.ScalarAsync<string>("SELECT df.schedule('s', '@daily', 'w')"));
    }

    // A dump brings rows that were made earlier; with them the workers wait for df.resume_restored().
    [Fact]
    public async Task Schedule_FromADump_IsHeldUntilItIsResumed()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await Worker.ExecuteAsync(
            """
            WITH e AS (INSERT INTO df.schedule_entries (created_at, changed_at, owner, name, cron, workflow, overlap, catch_up, jitter_seconds)
                       VALUES ('2020-01-01', '2020-01-01', 'alice', 's', '@daily', 'w', 'allow', 'all', 0) RETURNING schedule_no)
            INSERT INTO df.schedule_runs (schedule_no, dealt_with, revision) SELECT schedule_no, '2020-01-01', 1 FROM e
            """);
        Assert.Null(await TickAsync(1));
        Assert.Equal("", await StartedAsync());
        Assert.Equal("restored from a dump and held: call df.resume_restored()", await User.ScalarAsync<string>("SELECT problem FROM df.schedules"));

        await Worker.ExecuteAsync("SELECT df.resume_restored()");
        Assert.True(await Worker.ScalarAsync<bool>("SELECT dealt_with > now() - interval '1 minute' FROM df._worker_schedules(NULL, 10)"));
        await TickAsync(2);
        Assert.Equal("2", await StartedAsync());
    }

    private static DateTime[] At(params int[] minutes) =>
        [.. minutes.Select(minute => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minute))];

    private async Task ScheduleAsync(string options = "overlap => 'skip'")
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await User.ExecuteAsync($"SELECT df.schedule('s', '@daily', 'w', {options})");
    }

    /// <summary>What a worker has planned, but for the ticks.</summary>
    private static async Task<string> PlanAsync(TestSession worker) => (await worker.ScalarAsync<string>(Plan))!;

    /// <summary>Ticks at minutes of the first of January, of the only schedule; what stood in the way.</summary>
    private async Task<string?> TickAsync(params int[] minutes)
    {
        await Worker.ExecuteAsync("UPDATE df.schedule_runs SET due_at = '-infinity' WHERE due_at > '-infinity'");
        var plan = await Worker.ColumnAsync<string>(Plan);
        return plan.Count == 0 ? null : await Worker.ScalarAsync<string>(plan[0], At(minutes));
    }

    private async Task<string> StartedAsync() => await Worker.ScalarAsync<string>(
        """
        SELECT coalesce(string_agg(substring(idempotency_key FROM '[0-9]{2}(?=Z)')::integer::text, ' ' ORDER BY instance_no), '')
          FROM df.submissions WHERE idempotency_key LIKE 'schedule s %'
        """) ?? "";

    private async Task<string> QueuedAsync() => await Worker.ScalarAsync<string>(
        """
        SELECT coalesce((SELECT string_agg((extract(epoch FROM q - '2026-01-01Z') / 60)::integer::text, ' ' ORDER BY n)
                           FROM df.schedule_runs, unnest(queued) WITH ORDINALITY u (q, n)), '')
        """) ?? "";
}

namespace PgDurable.Extension.Tests.Store;

/// <summary>What happens to the ticks that a worker has planned. Statements that would wait for a lock fail here.</summary>
public sealed partial class ScheduleTests(StoreFixture fixture) : StoreTest(fixture)
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
        Assert.Equal(
            started.Split(' ')[^1], await User.ScalarAsync<string>("SELECT extract(minute FROM last_run)::text FROM df.schedules"));
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
        // While the other one holds it, and afterwards.
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

    // No matter what the owner's transactions do, a worker neither waits for them nor loses a tick.
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
        Assert.Equal(
            ("1", "running"),
            (await StartedAsync(), await Worker.ScalarAsync<string>("SELECT CASE WHEN count(*) = 1 THEN 'running' END FROM df.queue")));
        await TickAsync(2);
        Assert.Equal("1 2", await StartedAsync());
    }

    private static DateTime[] At(params int[] minutes) =>
        [.. minutes.Select(minute => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minute))];

    private async Task ScheduleAsync(string options = "overlap => 'skip'")
    {
        await User.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        await User.ExecuteAsync($"SELECT df.schedule('s', '@daily', 'w', {options})");
    }

    /// <summary>The plan of a worker, without the ticks.</summary>
    private static async Task<string> PlanAsync(TestSession worker) => (await worker.ScalarAsync<string>(Plan))!;

    /// <summary>Starts ticks of the only schedule, at minutes of January 1; returns what prevented it.</summary>
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

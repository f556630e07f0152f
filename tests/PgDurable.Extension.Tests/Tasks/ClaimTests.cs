using Npgsql;
using PgDurable.Extension.Tests.Store;

namespace PgDurable.Extension.Tests.Tasks;

/// <summary>Who gets which task, when, and how often.</summary>
public sealed class ClaimTests(StoreFixture fixture) : TaskTest(fixture)
{
    [Fact]
    public async Task Claim_Twice_GivesEachTaskOnceOldestFirst()
    {
        await MakeAsync(await InstanceAsync(), count: 5);
        Assert.Equal(["""{"i":0}""", """{"i":1}"""], (await ClaimAsync(User, max: 2)).Select(task => task.Input));
        Assert.Equal(["""{"i":2}""", """{"i":3}""", """{"i":4}"""], (await ClaimAsync(User)).Select(task => task.Input));
        Assert.Empty(await ClaimAsync(User));
    }

    [Fact]
    public async Task Claim_OtherNameOrQueue_GetsNothing()
    {
        await MakeAsync(await InstanceAsync(), more: ""","queue":"eu" """);
        Assert.Empty(await ClaimAsync(User));
        Assert.Empty(await ClaimAsync(User, "ship", queue: "eu"));
        Assert.Single(await ClaimAsync(User, queue: "eu"));
    }

    [Fact]
    public async Task Claim_ManyTasksOfOneWorkflow_LeavesRoomForTheOthers()
    {
        await MakeAsync(await InstanceAsync("many"), count: 200);
        var few = await InstanceAsync("few");
        await MakeAsync(few);
        var id = await User.IdAsync(few);
        Assert.Contains(await ClaimAsync(User, max: 2), task => task.Instance == id);
    }

    [Fact]
    public async Task Claim_SameTaskMadeAgain_IsOneTask()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        await MakeAsync(instance);
        await ClaimOneAsync(User);
    }

    [Fact]
    public async Task Claim_LeaseRunOut_IsDeliveredAgainAndTheOldTokenIsVoid()
    {
        await MakeAsync(await InstanceAsync());
        var first = await ClaimOneAsync(User);
        Assert.Empty(await ClaimAsync(User));
        await LetLeasesRunOutAsync();
        var second = await ClaimOneAsync(User);
        Assert.Equal((first.Task, 2), (second.Task, second.Delivery));
        Assert.Equal("DF021", (await Assert.ThrowsAsync<PostgresException>(() => CompleteAsync(User, first))).SqlState);
        await CompleteAsync(User, second);
    }

    [Fact]
    public async Task Claim_LeaseRunOutButNobodyElseClaimed_CanStillBeCompleted()
    {
        await MakeAsync(await InstanceAsync());
        var task = await ClaimOneAsync(User);
        await LetLeasesRunOutAsync();
        await CompleteAsync(User, task);
    }

    [Fact]
    public async Task Claim_TenDeliveriesWithoutAnEnd_FailsTheTask()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        for (var delivery = 1; delivery <= 10; delivery++)
        {
            Assert.Equal(delivery, (await ClaimOneAsync(User)).Delivery);
            await LetLeasesRunOutAsync();
        }
        Assert.Empty(await ClaimAsync(User));
        var end = Assert.Single(await EndedAsync(instance));
        Assert.Contains("activity charge was claimed 10 times, and never ended", end, StringComparison.Ordinal);
        Assert.Contains("\"retryable\" : false", end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_WithAndWithoutDelay_DoesNotCountAsADelivery()
    {
        await MakeAsync(await InstanceAsync());
        var task = await ClaimOneAsync(User);
        await User.ExecuteAsync("SELECT df.release_task($1, $2)", task.Task, task.Token);
        task = await ClaimOneAsync(User);
        Assert.Equal(1, task.Delivery);
        await User.ExecuteAsync("SELECT df.release_task($1, $2, '1 hour')", task.Task, task.Token);
        Assert.Empty(await ClaimAsync(User));
        Assert.Equal("delayed", await User.ScalarAsync<string>("SELECT status FROM df.tasks"));
        await LetLeasesRunOutAsync();
        Assert.Equal(1, (await ClaimOneAsync(User)).Delivery);
    }

    [Fact]
    public async Task Claim_PausedInstance_IsHeldUntilItResumes()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        await User.ExecuteAsync("SELECT df.pause($1)", await User.IdAsync(instance));
        Assert.Empty(await ClaimAsync(User));
        Assert.Equal("held", await User.ScalarAsync<string>("SELECT status FROM df.tasks"));
        await User.ExecuteAsync("SELECT df.resume($1)", await User.IdAsync(instance));
        await ClaimOneAsync(User);
    }

    // Rows, not time: the plan must not depend on how much waits.
    [Fact]
    public async Task Claim_HundredThousandTasksWait_ReadsOnlyWhatItTakes()
    {
        await MakeAsync(await InstanceAsync("w"), count: 100);
        var few = await ReadByClaimAsync();
        await Worker.ExecuteAsync(
            """
            INSERT INTO df.task_queue (instance_no, node, path, submitted_by, instance_id, name, queue, lane, attempt, input,
                                       idempotency_key, held)
            SELECT instance_no, 1, i::text, submitted_by, instance_id, name, queue, lane, attempt, input, idempotency_key, false
              FROM (SELECT * FROM df.task_queue LIMIT 1) t, generate_series(1, 100000) i
            """);
        Assert.InRange(await ReadByClaimAsync(), 1, 2 * few);
    }

    [Fact]
    public async Task Watch_NextTask_NotifiesOnce()
    {
        await using var ear = await Ear.ListenAsync(Fixture, channel: "df_task");
        var instance = await InstanceAsync();
        await User.ExecuteAsync("SELECT df.watch_tasks(ARRAY['charge', 'ship'])");
        await MakeAsync(instance, "other");
        Assert.Empty(await ear.HeardAsync());
        await MakeAsync(instance, "charge");
        Assert.Empty(await ear.HeardAsync()); // that step has its task
        await MakeAsync(await InstanceAsync(), "charge", count: 3);
        await MakeAsync(await InstanceAsync(), "charge");
        Assert.Equal(["charge"], await ear.HeardAsync());
        Assert.Equal(1, await Worker.CountAsync("task_watches"));
    }

    private Task LetLeasesRunOutAsync() =>
        Worker.ExecuteAsync("UPDATE df.task_queue SET lease_until = clock_timestamp() - interval '1 second'");

    private async Task<long> ReadByClaimAsync()
    {
        await User.ExecuteAsync("BEGIN");
        Assert.Equal(10, (await ClaimAsync(User)).Count);
        var read = await User.ScalarAsync<long>(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_all_tables WHERE relid = 'df.task_queue'::regclass");
        await User.ExecuteAsync("ROLLBACK");
        return read;
    }
}

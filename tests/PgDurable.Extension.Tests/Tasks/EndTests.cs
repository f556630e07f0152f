using Npgsql;
using PgDurable.Extension.Tests.Store;

namespace PgDurable.Extension.Tests.Tasks;

/// <summary>How tasks end, and what happens when several ends meet.</summary>
public sealed class EndTests(StoreFixture fixture) : TaskTest(fixture)
{
    private const string WaitsForTask = """[{"node":0,"path":"0:0","kind":"ACTIVITY","name":"charge"}]""";

    [Fact]
    public async Task Complete_WakesTheParkedInstanceWithTheResult()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        Assert.Empty(await Worker.ParkAsync(instance, WaitsForTask));
        await CompleteAsync(User, await ClaimOneAsync(User), """{"id":"r-1"}""");
        Assert.Equal(instance, (await Worker.ClaimOneAsync()).Instance);
        Assert.Equal(["""0:0|{"id":"r-1"}"""], await EndedAsync(instance));
        Assert.Empty(await Worker.RecordAsync(TestWorker.Record(
            instance, 0, "0:0", more: ""","end_tasks":[{"node":0,"path":"0:0"}]""")));
        Assert.Equal(0, await Worker.CountAsync("task_queue"));
    }

    [Fact]
    public async Task Complete_BeforeTheInstanceParks_KeepsItInHand()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        await CompleteAsync(User, await ClaimOneAsync(User));
        Assert.Equal([instance], await Worker.ParkAsync(instance, WaitsForTask));
    }

    [Fact]
    public async Task Fail_GivesTheWorkerTheError()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        var task = await ClaimOneAsync(User);
        await User.ExecuteAsync("SELECT df.fail_task($1, $2, 'declined', 'PAY01', false)", task.Task, task.Token);
        Assert.Equal(
            ["""0:0|{"message" : "declined", "sqlstate" : "PAY01", "retryable" : false}"""], await EndedAsync(instance));
    }

    [Theory]
    [InlineData("SELECT df.complete_task($1, $2)")]
    [InlineData("SELECT df.fail_task($1, $2, 'no')")]
    [InlineData("SELECT df.extend_task($1, $2)")]
    [InlineData("SELECT df.release_task($1, $2)")]
    public async Task AfterAnEnd_EveryCallSaysThatTheTaskIsLost(string call)
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance, count: 3);
        var tasks = await ClaimAsync(User);
        await CompleteAsync(User, tasks[0]);
        await AssertLostAsync(call, tasks[0].Task, tasks[0].Token);
        await AssertLostAsync(call, tasks[1].Task, Guid.NewGuid());
        await User.ExecuteAsync("SELECT df.cancel($1)", await User.IdAsync(instance));
        await AssertLostAsync(call, tasks[2].Task, tasks[2].Token);
        Assert.Equal(0, await Worker.CountAsync("task_queue"));
    }

    [Theory]
    [InlineData("to_json(repeat('x', 17000000))", "54000")]
    [InlineData("'\"\\u0000\"'", "22023")]
    [InlineData("'1e200000'", "22023")]
    public async Task Complete_ResultThatNoStepCanUse_IsRefusedAndNothingIsWritten(string result, string state)
    {
        await MakeAsync(await InstanceAsync());
        var task = await ClaimOneAsync(User);
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => User.ExecuteAsync($"SELECT df.complete_task($1, $2, {result})", task.Task, task.Token));
        Assert.Equal(state, error.SqlState);
        Assert.NotNull(error.Hint);
        Assert.Equal("running", await User.ScalarAsync<string>("SELECT status FROM df.tasks"));
        await CompleteAsync(User, task);
    }

    [Fact]
    public async Task CompleteSeveral_OneIsLost_CompletesTheOthers()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance, count: 3);
        var tasks = await ClaimAsync(User);
        await CompleteAsync(User, tasks[1]);
        Assert.Equal([tasks[1].Task], await User.ColumnAsync<long>(
            "SELECT * FROM df.complete_tasks($1, $2, ARRAY['1', '2', '3']::json[])",
            tasks.Select(task => task.Task).ToArray(), tasks.Select(task => task.Token).ToArray()));
        Assert.Equal(["0:0|1", "0:1|{}", "0:2|3"], await EndedAsync(instance));
    }

    [Fact]
    public async Task Timeout_WhileACompletionIsUnderWay_WaitsForIt()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        await User.ExecuteAsync("BEGIN");
        await CompleteAsync(User, await ClaimOneAsync(User));
        Assert.Equal([instance], await ExpireAsync(instance));
        await User.ExecuteAsync("COMMIT");
        Assert.Equal([instance], await ExpireAsync(instance));
        Assert.Single(await EndedAsync(instance));
        Assert.Equal(0, await Worker.CountAsync("checkpoints"));
    }

    [Fact]
    public async Task Timeout_RecordedFirst_FencesTheCompletionOff()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        var task = await ClaimOneAsync(User);
        Assert.Empty(await ExpireAsync(instance));
        Assert.Equal("DF021", (await Assert.ThrowsAsync<PostgresException>(() => CompleteAsync(User, task))).SqlState);
    }

    [Fact]
    public async Task Cancel_WhileACompletionIsUnderWay_WaitsForIt()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        var id = await User.IdAsync(instance);
        await User.ExecuteAsync("BEGIN");
        await CompleteAsync(User, await ClaimOneAsync(User));
        await using var other = await Fixture.UserAsync();
        await other.ExecuteAsync("SET lock_timeout = '200ms'");
        var error = await Assert.ThrowsAsync<PostgresException>(() => other.ExecuteAsync("SELECT df.cancel($1)", id));
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, error.SqlState);
        await User.ExecuteAsync("COMMIT");
        await other.ExecuteAsync("SELECT df.cancel($1)", id);
        Assert.Equal(0, await Worker.CountAsync("task_queue"));
    }

    [Fact]
    public async Task InstanceEnds_WhileATaskIsLocked_TheTaskGoesWithALaterClaim()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance, count: 2);
        await User.ExecuteAsync("BEGIN");
        var task = (await ClaimAsync(User, max: 1)).Single();
        await Worker.ExecuteAsync("SET lock_timeout = '200ms'");
        await Worker.EndAsync(instance);
        Assert.Equal(1, await Worker.CountAsync("task_queue"));
        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal(1, await Worker.CountAsync("wakeups"));
        await CompleteAsync(User, task);
        await User.ExecuteAsync("COMMIT");
        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal((0, 0), (await Worker.CountAsync("task_queue"), await Worker.CountAsync("wakeups")));
    }

    private async Task AssertLostAsync(string call, long task, Guid token)
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => User.ExecuteAsync(call, task, token));
        Assert.Equal("DF021", error.SqlState);
        Assert.NotNull(error.Hint);
    }
}

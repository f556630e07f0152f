using Npgsql;
using PgDurable.Extension.Tests.Store;

namespace PgDurable.Extension.Tests.Tasks;

/// <summary>Which role may do what with whose tasks, whatever it tries.</summary>
public sealed class GrantTests(StoreFixture fixture) : TaskTest(fixture)
{
    [Fact]
    public async Task Claim_OfAnotherRole_NeedsItsGrant()
    {
        await MakeAsync(await InstanceAsync(), count: 3);
        await using var payments = await OtherRoleAsync();
        Assert.Empty(await ClaimAsync(payments));
        await User.ExecuteAsync("SELECT df.grant_tasks('ship', 'payments')");
        Assert.Empty(await ClaimAsync(payments));
        await User.ExecuteAsync("SELECT df.grant_tasks('charge', 'payments')");
        var task = (await ClaimAsync(payments, max: 1)).Single();
        await CompleteAsync(payments, task, "1");
        await User.ExecuteAsync("SELECT df.revoke_tasks('charge', 'payments')");
        Assert.Empty(await ClaimAsync(payments));
    }

    [Fact]
    public async Task Grantee_SeesTheInputAndNothingElse()
    {
        await MakeAsync(await InstanceAsync());
        await using var payments = await OtherRoleAsync();
        await User.ExecuteAsync("SELECT df.grant_tasks('charge', 'payments')");
        Assert.Equal(1, await payments.ScalarAsync<long>("SELECT count(input) FROM df.task_queue"));
        foreach (var relation in new[] { "tasks", "instances", "submissions", "queue", "nodes", "checkpoints", "outcomes", "signals" })
            Assert.Equal(0, await payments.ScalarAsync<long>($"SELECT count(*) FROM df.{relation}"));
        await AssertRefusedAsync(payments, "SELECT result FROM df.task_queue");
        await AssertRefusedAsync(payments, "SELECT message FROM df.task_queue");
        await AssertRefusedAsync(payments, "SELECT * FROM df.task_watches, df.task_queue");
    }

    [Fact]
    public async Task TokenOfAnother_WithoutAGrant_IsWorthNothing()
    {
        await MakeAsync(await InstanceAsync());
        var task = await ClaimOneAsync(User);
        await using var payments = await OtherRoleAsync();
        Assert.Equal("DF021", (await Assert.ThrowsAsync<PostgresException>(() => CompleteAsync(payments, task))).SqlState);
        await CompleteAsync(User, task);
    }

    // Row security and the rights on columns are the wall; the functions are only the door.
    [Theory]
    [InlineData("UPDATE df.task_queue SET submitted_by = 'payments'::regrole")]
    [InlineData("UPDATE df.task_queue SET name = 'mine'")]
    [InlineData("UPDATE df.task_queue SET instance_no = 1")]
    [InlineData("UPDATE df.task_queue SET input = '{}'")]
    [InlineData("UPDATE df.task_queue SET held = false")]
    [InlineData("UPDATE df.task_queue SET idempotency_key = gen_random_uuid()")]
    [InlineData("UPDATE df.task_queue SET claimed_by = 'postgres'::regrole")]
    [InlineData("UPDATE df.task_queue SET sqlstate = 'no', claimed_by = 'payments'::regrole")]
    [InlineData("UPDATE df.task_queue SET message = repeat('x', 70000), claimed_by = 'payments'::regrole")]
    [InlineData("UPDATE df.task_queue SET progress = to_json(repeat('x', 10000)), claimed_by = 'payments'::regrole")]
    [InlineData("UPDATE df.task_queue SET result = to_json(repeat('x', 17000000)), ended_at = now(), claimed_by = 'payments'::regrole")]
    [InlineData("INSERT INTO df.task_queue (name) VALUES ('charge')")]
    [InlineData("DELETE FROM df.task_queue")]
    [InlineData("TRUNCATE df.task_queue")]
    [InlineData("INSERT INTO df.task_grants (owner, name, grantee) VALUES ('alice'::regrole, 'ship', 'payments'::regrole)")]
    [InlineData("UPDATE df.task_grants SET name = 'ship'")]
    [InlineData("DELETE FROM df.task_grants")]
    [InlineData("INSERT INTO df.task_watches (watcher, name, queue) VALUES ('alice'::regrole, 'ship', 'default')")]
    [InlineData("DELETE FROM df.task_watches")]
    [InlineData("SELECT df._record_tasks('[]', '{}')")]
    [InlineData("SELECT df._drop_tasks(ARRAY[1])")]
    [InlineData("SELECT df._worker_tasks(ARRAY[1])")]
    public async Task Grantee_WritingTheTablesItself_IsRefused(string attack)
    {
        await MakeAsync(await InstanceAsync());
        await using var payments = await OtherRoleAsync();
        await User.ExecuteAsync("SELECT df.grant_tasks('charge', 'payments')");
        await AssertRefusedAsync(payments, attack);
        await ClaimOneAsync(User);
    }

    [Fact]
    public async Task Grantee_RemovingTheGrantOrReopeningAnEnd_ChangesNothing()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance);
        await using var payments = await OtherRoleAsync();
        await User.ExecuteAsync("SELECT df.grant_tasks('charge', 'payments')");
        await payments.ExecuteAsync("UPDATE df.task_grants SET removed = true");
        Assert.Equal(1, await Worker.CountAsync("task_grants"));
        await CompleteAsync(User, await ClaimOneAsync(User), "1");
        await payments.ExecuteAsync("UPDATE df.task_queue SET result = '2', claimed_by = 'payments'::regrole");
        await payments.ExecuteAsync("UPDATE df.task_queue SET ended_at = NULL, claimed_by = 'payments'::regrole");
        await User.ExecuteAsync("UPDATE df.task_queue SET message = 'failed after all'");
        Assert.Equal(["0:0|1"], await EndedAsync(instance));
    }

    [Fact]
    public async Task LockedTasks_HoldNoWorkerUp()
    {
        var instance = await InstanceAsync();
        await MakeAsync(instance, count: 3);
        await using var payments = await OtherRoleAsync();
        await User.ExecuteAsync("SELECT df.grant_tasks('charge', 'payments'), df.watch_tasks(ARRAY['charge'])");
        await payments.ExecuteAsync("BEGIN");
        await payments.ExecuteAsync("SELECT input FROM df.task_queue FOR UPDATE");
        await Worker.ExecuteAsync("SET lock_timeout = '500ms'");
        Assert.Equal([instance], await ExpireAsync(instance));
        Assert.Empty(await Worker.RecordAsync(TestWorker.Record(
            instance, 3, more: ""","end_tasks":[{"node":0,"path":"0:1"}]""")));
        await MakeAsync(await InstanceAsync());
        Assert.Single(await ClaimAsync(User));
        await Worker.EndAsync(instance);
        await Worker.ClaimAsync();
        await payments.ExecuteAsync("ROLLBACK");
        await Worker.ClaimAsync();
        Assert.Equal(1, await Worker.CountAsync("task_queue"));
    }

    private async Task<TestSession> OtherRoleAsync()
    {
        await Worker.ExecuteAsync("DO $$ BEGIN CREATE ROLE payments; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await Worker.ExecuteAsync("SET client_min_messages = warning; SELECT df.grant_usage('payments')");
        var session = new TestSession(await Fixture.Cluster.ConnectAsync());
        await session.ExecuteAsync("SET ROLE payments");
        return session;
    }

    private static async Task AssertRefusedAsync(TestSession session, string sql)
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.ExecuteAsync(sql));
        Assert.Contains(error.SqlState, new[]
        {
            PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ProgramLimitExceeded, DurableErrorCodes.TaskLost,
        });
    }
}

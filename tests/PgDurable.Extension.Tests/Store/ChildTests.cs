using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>Instances started by df.call, and which ends cause other ends.</summary>
[Collection(StoreCollection.Name)]
public sealed class ChildTests(StoreFixture fixture) : IAsyncLifetime
{
    TestSession _user = null!;
    TestWorker _worker = null!;
    long _parent;

    public async Task InitializeAsync()
    {
        await fixture.EmptyAsync();
        _user = await fixture.UserAsync();
        _worker = await fixture.WorkerAsync();
        await _user.ExecuteAsync("SELECT df.register_workflow('child', 'SELECT 1'), df.setvar('v', 'x')");
        _parent = await _user.StartAsync();
        await _worker.ClaimOneAsync();
    }

    public async Task DisposeAsync()
    {
        await _user.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task StartChild_Twice_IsOneInstanceOfTheParentsRole()
    {
        var id = await _worker.StartChildAsync(_parent, input: """{"a":1}""");
        Assert.Equal(id, await _worker.StartChildAsync(_parent, input: """{"a":1}"""));
        Assert.NotEqual(id, await _worker.StartChildAsync(_parent, path: "3:2"));
        Assert.Equal("alice|child|1|{\"a\": 1}|{ \"v\" : \"x\" }", await _worker.ScalarAsync<string>(
            "SELECT concat_ws('|', submitted_by, workflow, workflow_version, input, vars) FROM df.submissions WHERE id = $1", id!));
        Assert.Equal("pending", await _user.ScalarAsync<string>("SELECT df.status($1)", id!));
    }

    [Fact]
    public async Task StartChild_NotRegistered_SaysSo()
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => _worker.StartChildAsync(_parent, "unknown"));
        Assert.Equal("DF014", error.SqlState);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public async Task StartChild_ParentNotInHandOrLocked_StartsNone()
    {
        await using var other = await fixture.WorkerAsync();
        Assert.Null(await other.StartChildAsync(_parent));
        await _user.ExecuteAsync("BEGIN");
        await _user.ExecuteAsync("SELECT df.cancel($1)", await _user.IdAsync(_parent));
        Assert.Null(await _worker.StartChildAsync(_parent));
        await _user.ExecuteAsync("COMMIT");
        Assert.Equal(1, await _worker.CountAsync("submissions"));
    }

    [Fact]
    public async Task Children_EndOfAChild_IsReadAndWakesTheParent()
    {
        var id = await _worker.StartChildAsync(_parent);
        Assert.Equal([$"0||{id}|pending||"], await ChildrenAsync());
        await _worker.ParkAsync(_parent);
        var child = (await _worker.ClaimOneAsync()).Instance;
        Assert.Equal([$"0||{id}|running||"], await ChildrenAsync());

        await _worker.EndAsync(child);
        Assert.Equal(_parent, (await _worker.ClaimOneAsync()).Instance);
        Assert.Equal([$"0||{id}|completed|42|"], await ChildrenAsync());
    }

    [Fact]
    public async Task Cancel_Parent_CancelsTheWholeTreeAtOnce()
    {
        await _worker.StartChildAsync(_parent);
        var child = (await _worker.ClaimOneAsync()).Instance;
        var grandchild = await _user.InstanceAsync((await _worker.StartChildAsync(child))!);
        await _user.ExecuteAsync("SELECT df.cancel($1, 'enough')", await _user.IdAsync(_parent));

        Assert.Equal("cancelled", await _user.StatusAsync(child));
        Assert.Equal("cancelled", await _user.StatusAsync(grandchild));
        Assert.Equal(0, await _worker.CountAsync("queue"));
        Assert.Equal(1, await _worker.ScalarAsync<long>(
            "SELECT count(DISTINCT error->>'message') FROM df.outcomes WHERE error->>'message' = 'canceled: enough'"));
    }

    [Fact]
    public async Task Cancel_Child_WakesTheParent()
    {
        var id = await _worker.StartChildAsync(_parent);
        await _worker.ParkAsync(_parent);
        await _user.ExecuteAsync("SELECT df.cancel($1)", id!);
        Assert.Equal(_parent, (await _worker.ClaimOneAsync()).Instance);
        Assert.Contains("|cancelled||", Assert.Single(await ChildrenAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_EndOfTheParent_EndsTheTreeWithTheNextClaims()
    {
        await _worker.StartChildAsync(_parent);
        var child = (await _worker.ClaimOneAsync()).Instance;
        await _worker.StartChildAsync(child);
        await using var other = await fixture.WorkerAsync();
        var grandchild = (await other.ClaimOneAsync()).Instance;

        await _worker.EndAsync(_parent, "failed");
        Assert.Empty(await _worker.ClaimAsync());
        Assert.Equal("cancelled", await _user.StatusAsync(child));
        Assert.Empty(await _worker.ClaimAsync());
        Assert.Equal("cancelled", await _user.StatusAsync(grandchild));
        Assert.Equal(0, await _worker.CountAsync("wakeups"));
    }

    [Fact]
    public async Task CancelChild_Locked_WaitsForNobody()
    {
        var child = await _user.InstanceAsync((await _worker.StartChildAsync(_parent))!);
        await _user.ExecuteAsync("BEGIN");
        await _user.ExecuteAsync("SELECT df.cancel($1)", await _user.IdAsync(child));
        Assert.False(await CancelChildAsync());
        await _user.ExecuteAsync("ROLLBACK");
        Assert.True(await CancelChildAsync());
        Assert.Equal("cancelled", await _user.StatusAsync(child));
        Assert.True(await CancelChildAsync());
    }

    [Fact]
    public async Task Carry_FinishedChild_IsForgotten()
    {
        await _worker.StartChildAsync(_parent, path: "3:1");
        await _worker.EndAsync((await _worker.ClaimAsync(1)).Single(claim => !claim.Held).Instance);
        await _worker.StartChildAsync(_parent, path: "3:2");
        await _worker.RecordAsync(
            $$"""{"instance":{{_parent}},"checkpoints":[],"carry":[{"first":0,"last":2,"path":"3:1","loop":3,"drop":null}]}""");
        Assert.StartsWith("0|3:2|", Assert.Single(await ChildrenAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_Parent_LetsTheFailedChildGoOn()
    {
        var id = await _worker.StartChildAsync(_parent);
        var child = (await _worker.ClaimOneAsync()).Instance;
        await _worker.EndAsync(child, "failed");
        await _worker.EndAsync(_parent, "failed");
        await _user.ExecuteAsync("SELECT df.retry_instance($1)", await _user.IdAsync(_parent));
        Assert.True((await _worker.ClaimOneAsync()).Retried);
        Assert.True(await _worker.ScalarAsync<bool>("SELECT df._worker_retry($1, $2, '{0}', '{\"\"}')", _worker.Id, _parent));

        Assert.Equal(id, await _worker.StartChildAsync(_parent));
        Assert.Equal(new Claim(child, Held: false, Paused: false, Retried: true, Resumed: true), await _worker.ClaimOneAsync());
        // It fails again. This is now the result of the parent's call, not another reason to retry.
        await _worker.ExecuteAsync("SELECT df._worker_retry($1, $2, '{0}', '{\"\"}')", _worker.Id, child);
        await _worker.EndAsync(child, "failed");
        Assert.Equal(id, await _worker.StartChildAsync(_parent));
        Assert.Equal("failed", await _user.StatusAsync(child));
    }

    async Task<bool> CancelChildAsync() => await _worker.ScalarAsync<bool>("SELECT df._worker_cancel_child($1, 0, '')", _parent);

    Task<List<string>> ChildrenAsync() => _worker.ColumnAsync<string>(
        "SELECT concat_ws('|', node, path, id, status, COALESCE(result, ''), COALESCE(CASE WHEN status = 'failed' THEN error END, '')) "
            + "FROM df._worker_children($1)",
        _parent);
}

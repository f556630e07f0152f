using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>A failed instance goes on where it failed.</summary>
[Collection(StoreCollection.Name)]
public sealed class RetryTests(StoreFixture fixture) : IAsyncLifetime
{
    TestSession _user = null!;
    TestWorker _worker = null!;

    public async Task InitializeAsync()
    {
        await fixture.EmptyAsync();
        _user = await fixture.UserAsync();
        _worker = await fixture.WorkerAsync();
    }

    public async Task DisposeAsync()
    {
        await _user.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task Retry_FailedInstance_KeepsWhatItDidAndWhenItBegan()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        var started = await _worker.ScalarAsync<DateTime>("SELECT started_at FROM df.queue");
        await _worker.RecordAsync(TestWorker.Record(instance, 1, seq: 1));
        await _worker.EndAsync(instance, "failed");
        await RetryAsync(instance);

        Assert.Equal("running", await _user.StatusAsync(instance));
        Assert.Equal(started, await _worker.ScalarAsync<DateTime>("SELECT started_at FROM df.queue"));
        Assert.Equal(new Claim(instance, Held: false, Paused: false, Retried: true, Resumed: true), await _worker.ClaimOneAsync());
        // The list may say what it wants: what completed stays.
        Assert.True(await _worker.ScalarAsync<bool>("SELECT df._worker_retry($1, $2, '{0,1}', '{\"\",\"\"}')", _worker.Id, instance));
        Assert.Equal([1], await _worker.ColumnAsync<int>("SELECT node FROM df.checkpoints"));

        await _worker.ExecuteAsync("SELECT df._worker_release($1, ARRAY[$2], '0')", _worker.Id, instance);
        Assert.False((await _worker.ClaimOneAsync()).Retried);
        await _worker.EndAsync(instance, "failed");
        await RetryAsync(instance);
        Assert.True((await _worker.ClaimOneAsync()).Retried);
    }

    [Fact]
    public async Task Retry_NotInHand_RemovesNothing()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        await _worker.EndAsync(instance, "failed");
        await RetryAsync(instance);
        Assert.False(await _worker.ScalarAsync<bool>("SELECT df._worker_retry($1, $2, '{0}', '{\"\"}')", _worker.Id, instance));
        Assert.Equal(1, await _worker.CountAsync("checkpoints"));
    }

    [Fact]
    public async Task Retry_RolledBack_LeavesTheInstanceFailed()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        await _worker.EndAsync(instance, "failed");
        await _user.ExecuteAsync("BEGIN");
        await RetryAsync(instance);
        Assert.Empty(await _worker.ClaimAsync());
        await _user.ExecuteAsync("ROLLBACK");
        Assert.Empty(await _worker.ClaimAsync());
        Assert.Equal("failed", await _user.StatusAsync(instance));
    }

    // Past df.retry_instance and its check, as a role may by its grant.
    [Fact]
    public async Task Retry_RowOfOnesOwnForAnInstanceThatIsNotFailed_IsRefused()
    {
        var instance = await _user.StartAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(() => _user.ExecuteAsync("INSERT INTO df.retries (instance_no) VALUES ($1)", instance));
        Assert.Equal("DF015", error.SqlState);
    }

    async Task RetryAsync(long instance) => await _user.ExecuteAsync("SELECT df.retry_instance($1)", await _user.IdAsync(instance));
}

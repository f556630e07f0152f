using Npgsql;

namespace PgDurable.Extension.Tests.Store;

/// <summary>A retried instance continues where it failed.</summary>
public sealed class RetryTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task Retry_FailedInstance_KeepsWhatItDidAndWhenItBegan()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        var started = await Worker.ScalarAsync<DateTime>("SELECT started_at FROM df.queue");
        await Worker.RecordAsync(TestWorker.Record(instance, 1, seq: 1));
        await Worker.EndAsync(instance, "failed");
        await RetryAsync(instance);

        Assert.Equal("running", await User.StatusAsync(instance));
        Assert.Equal(started, await Worker.ScalarAsync<DateTime>("SELECT started_at FROM df.queue"));
        Assert.Equal(new Claim(instance, Held: false, Paused: false, Retried: true, Resumed: true), await Worker.ClaimOneAsync());
        // No matter what the list says, completed steps stay.
        Assert.True(await Worker.ScalarAsync<bool>("SELECT df._worker_retry($1, $2, '{0,1}', '{\"\",\"\"}')", Worker.Id, instance));
        Assert.Equal([1], await Worker.ColumnAsync<int>("SELECT node FROM df.checkpoints"));

        await Worker.ExecuteAsync("SELECT df._worker_release($1, ARRAY[$2], '0')", Worker.Id, instance);
        Assert.False((await Worker.ClaimOneAsync()).Retried);
        await Worker.EndAsync(instance, "failed");
        await RetryAsync(instance);
        Assert.True((await Worker.ClaimOneAsync()).Retried);
    }

    [Fact]
    public async Task Retry_NotInHand_RemovesNothing()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await Worker.EndAsync(instance, "failed");
        await RetryAsync(instance);
        Assert.False(await Worker.ScalarAsync<bool>("SELECT df._worker_retry($1, $2, '{0}', '{\"\"}')", Worker.Id, instance));
        Assert.Equal(1, await Worker.CountAsync("checkpoints"));
    }

    [Fact]
    public async Task Retry_RolledBack_LeavesTheInstanceFailed()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await Worker.EndAsync(instance, "failed");
        await User.ExecuteAsync("BEGIN");
        await RetryAsync(instance);
        Assert.Empty(await Worker.ClaimAsync());
        await User.ExecuteAsync("ROLLBACK");
        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal("failed", await User.StatusAsync(instance));
    }

    // Bypasses the check of df.retry_instance, as the grant allows.
    [Fact]
    public async Task Retry_RowOfOnesOwnForAnInstanceThatIsNotFailed_IsRefused()
    {
        var instance = await User.StartAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => User.ExecuteAsync("INSERT INTO df.retries (instance_no) VALUES ($1)", instance));
        Assert.Equal("DF015", error.SqlState);
    }

    async Task RetryAsync(long instance) => await User.ExecuteAsync("SELECT df.retry_instance($1)", await User.IdAsync(instance));
}

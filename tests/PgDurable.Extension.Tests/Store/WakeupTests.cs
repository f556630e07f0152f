namespace PgDurable.Extension.Tests.Store;

/// <summary>How something new reaches the worker that has to know.</summary>
[Collection(StoreCollection.Name)]
public sealed class WakeupTests(StoreFixture fixture) : IAsyncLifetime
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
    public async Task Claim_WaitingInstance_OnlyAfterASignal()
    {
        var instance = await _user.StartAsync();
        Assert.Equal(new Claim(instance, Held: false, Paused: false, Retried: false, Resumed: false), await _worker.ClaimOneAsync());
        Assert.Empty(await _worker.ParkAsync(instance));
        Assert.Empty(await _worker.ClaimAsync());

        await _user.SignalAsync(instance, "go");
        Assert.Equal(new Claim(instance, Held: false, Paused: false, Retried: false, Resumed: true), await _worker.ClaimOneAsync());
        Assert.Equal(0, await _worker.CountAsync("wakeups"));
        Assert.Null(await _worker.ScalarAsync<string>("SELECT waits::text FROM df.queue"));
    }

    [Fact]
    public async Task Claim_InstanceInHand_IsNamedOnceBeyondTheLimit()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        await _user.SignalAsync(instance, "go");
        await _user.SignalAsync(instance, "go");

        Assert.True(Assert.Single(await _worker.ClaimAsync(limit: 0)).Held);
        Assert.Empty(await _worker.ClaimAsync());
        Assert.Equal(2, (await _worker.ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1])", instance)).Count);
    }

    [Fact]
    public async Task Claim_InstanceOfAnotherWorker_LeavesItsWakeup()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        await _user.SignalAsync(instance, "go");

        await using var other = await fixture.WorkerAsync();
        Assert.Empty(await other.ClaimAsync());
        Assert.Equal(1, await _worker.CountAsync("wakeups"));
        Assert.True((await _worker.ClaimOneAsync()).Held);
    }

    [Fact]
    public async Task Claim_InstanceAboutToBeCancelled_WaitsForNobodyAndForgetsNothing()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        await _worker.ParkAsync(instance);
        await _user.SignalAsync(instance, "go");
        await _user.ExecuteAsync("BEGIN");
        await _user.ExecuteAsync("SELECT df.cancel($1)", await _user.IdAsync(instance));

        Assert.Empty(await _worker.ClaimAsync());
        await _user.ExecuteAsync("ROLLBACK");
        Assert.Equal(instance, (await _worker.ClaimOneAsync()).Instance);
    }

    [Fact]
    public async Task Claim_EndedInstance_DropsItsWakeup()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        await _user.SignalAsync(instance, "go");
        await _worker.EndAsync(instance);

        Assert.Empty(await _worker.ClaimAsync());
        Assert.Equal(0, await _worker.CountAsync("wakeups"));
        Assert.Equal(0, await _worker.CountAsync("signals"));
    }

    [Fact]
    public async Task Signal_OpenTransaction_HoldsNoWorkerUp()
    {
        var instance = await _user.StartAsync();
        await _user.ExecuteAsync("BEGIN");
        await _user.SignalAsync(instance, "go");
        await _user.ExecuteAsync("SELECT df.pause($1)", await _user.IdAsync(instance));

        Assert.False((await _worker.ClaimOneAsync()).Paused);
        Assert.Empty(await _worker.RecordAsync(TestWorker.Record(instance, 1)));
        Assert.Empty(await _worker.ParkAsync(instance));
        await _user.ExecuteAsync("ROLLBACK");
        Assert.Empty(await _worker.ClaimAsync());
        Assert.Equal(0, await _worker.CountAsync("signals"));
    }

    [Fact]
    public async Task Pause_AndResume_ReachTheWorker()
    {
        const string Paused = """[{"node":0,"path":"","kind":"PAUSED"}]""";
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        await _user.ExecuteAsync("SELECT df.pause($1)", await _user.IdAsync(instance));
        Assert.Equal(new Claim(instance, Held: true, Paused: true, Retried: false, Resumed: true), await _worker.ClaimOneAsync());
        Assert.Empty(await _worker.ParkAsync(instance, Paused));

        await _user.ExecuteAsync("SELECT df.resume($1)", await _user.IdAsync(instance));
        Assert.Equal(new Claim(instance, Held: false, Paused: false, Retried: false, Resumed: true), await _worker.ClaimOneAsync());
        // Resumed in the meantime, and the claim above has used the wakeup up.
        Assert.Equal([instance], await _worker.ParkAsync(instance, Paused));
    }

    [Fact]
    public async Task StartAt_InTheFuture_IsNotClaimedBefore()
    {
        var instance = await _user.StartAsync("'SELECT 1', start_at => now() + interval '1 hour'");
        Assert.Empty(await _worker.ClaimAsync());
        Assert.Equal("pending", await _user.StatusAsync(instance));
        await _worker.ExecuteAsync("UPDATE df.queue SET due_at = due_at - interval '1 hour'");
        Assert.Equal(instance, (await _worker.ClaimOneAsync()).Instance);
    }
}

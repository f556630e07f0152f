namespace PgDurable.Extension.Tests.Store;

/// <summary>How news reaches the worker that needs it.</summary>
public sealed class WakeupTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task Claim_WaitingInstance_OnlyAfterASignal()
    {
        var instance = await User.StartAsync();
        Assert.Equal(new Claim(instance, Held: false, Paused: false, Retried: false, Resumed: false), await Worker.ClaimOneAsync());
        Assert.Empty(await Worker.ParkAsync(instance));
        Assert.Empty(await Worker.ClaimAsync());

        await User.SignalAsync(instance, "go");
        Assert.Equal(new Claim(instance, Held: false, Paused: false, Retried: false, Resumed: true), await Worker.ClaimOneAsync());
        Assert.Equal(0, await Worker.CountAsync("wakeups"));
        Assert.Null(await Worker.ScalarAsync<string>("SELECT waits::text FROM df.queue"));
    }

    [Fact]
    public async Task Claim_InstanceToStartLater_IsNotStartedByASignal()
    {
        var instance = await User.StartAsync("'SELECT 1', start_at => now() + interval '1 hour'");
        await User.SignalAsync(instance, "go");
        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal(0, await Worker.CountAsync("wakeups"));

        await Worker.ExecuteAsync("UPDATE df.queue SET due_at = now()");
        Assert.Equal(instance, (await Worker.ClaimOneAsync()).Instance);
        Assert.Single(await Worker.ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1])", instance));
    }

    [Fact]
    public async Task Claim_InstanceInHand_IsNamedOnceBeyondTheLimit()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await User.SignalAsync(instance, "go");
        await User.SignalAsync(instance, "go");

        Assert.True(Assert.Single(await Worker.ClaimAsync(limit: 0)).Held);
        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal(2, (await Worker.ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1])", instance)).Count);
    }

    // It runs on a connection of its own, while the instance may be on its way to being parked, which would not see what the hint is about.
    [Fact]
    public async Task ClaimThatWaits_InstanceInHand_LeavesItsWakeupToTheNextClaim()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await User.SignalAsync(instance, "go");

        Assert.Equal([instance], await Worker.ColumnAsync<long>(
            "SELECT instance_no FROM df._worker_claim($1, 100, NULL, p_wait => 1) WHERE held", Worker.Id));
        Assert.Equal(1, await Worker.CountAsync("wakeups"));
        Assert.True((await Worker.ClaimOneAsync()).Held);
        Assert.Equal(0, await Worker.CountAsync("wakeups"));
    }

    [Fact]
    public async Task Claim_InstanceOfAnotherWorker_LeavesItsWakeup()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await User.SignalAsync(instance, "go");

        await using var other = await Fixture.WorkerAsync();
        Assert.Empty(await other.ClaimAsync());
        Assert.Equal(1, await Worker.CountAsync("wakeups"));
        Assert.True((await Worker.ClaimOneAsync()).Held);
    }

    [Fact]
    public async Task Claim_InstanceAboutToBeCancelled_WaitsForNobodyAndForgetsNothing()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await Worker.ParkAsync(instance);
        await User.SignalAsync(instance, "go");
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.cancel($1)", await User.IdAsync(instance));

        Assert.Empty(await Worker.ClaimAsync());
        await User.ExecuteAsync("ROLLBACK");
        Assert.Equal(instance, (await Worker.ClaimOneAsync()).Instance);
    }

    [Fact]
    public async Task Claim_EndedInstance_DropsItsWakeup()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await User.SignalAsync(instance, "go");
        await Worker.EndAsync(instance);

        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal(0, await Worker.CountAsync("wakeups"));
        Assert.Equal(0, await Worker.CountAsync("signals"));
    }

    [Fact]
    public async Task Signal_OpenTransaction_HoldsNoWorkerUp()
    {
        var instance = await User.StartAsync();
        await User.ExecuteAsync("BEGIN");
        await User.SignalAsync(instance, "go");
        await User.ExecuteAsync("SELECT df.pause($1)", await User.IdAsync(instance));

        Assert.False((await Worker.ClaimOneAsync()).Paused);
        Assert.Empty(await Worker.RecordAsync(TestWorker.Record(instance, 1)));
        Assert.Empty(await Worker.ParkAsync(instance));
        await User.ExecuteAsync("ROLLBACK");
        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal(0, await Worker.CountAsync("signals"));
    }

    [Fact]
    public async Task Pause_AndResume_ReachTheWorker()
    {
        const string Paused = """[{"node":0,"path":"","kind":"PAUSED"}]""";
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await User.ExecuteAsync("SELECT df.pause($1)", await User.IdAsync(instance));
        Assert.Equal(new Claim(instance, Held: true, Paused: true, Retried: false, Resumed: true), await Worker.ClaimOneAsync());
        Assert.Empty(await Worker.ParkAsync(instance, Paused));

        await User.ExecuteAsync("SELECT df.resume($1)", await User.IdAsync(instance));
        Assert.Equal(new Claim(instance, Held: false, Paused: false, Retried: false, Resumed: true), await Worker.ClaimOneAsync());
        // Resumed meanwhile, and the claim above has used up the wakeup.
        Assert.Equal([instance], await Worker.ParkAsync(instance, Paused));
    }

    [Fact]
    public async Task StartAt_InTheFuture_IsNotClaimedBefore()
    {
        var instance = await User.StartAsync("'SELECT 1', start_at => now() + interval '1 hour'");
        Assert.Empty(await Worker.ClaimAsync());
        Assert.Equal("pending", await User.StatusAsync(instance));
        await Worker.ExecuteAsync("UPDATE df.queue SET due_at = due_at - interval '1 hour'");
        Assert.Equal(instance, (await Worker.ClaimOneAsync()).Instance);
    }
}

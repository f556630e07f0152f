namespace PgDurable.Extension.Tests.Store;

/// <summary>A parked instance must not miss what it waits for.</summary>
public sealed class ParkTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task Park_SignalBetweenLoadAndPark_StaysInHand()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await SignalsAsync(instance));
        await User.SignalAsync(instance, "go");
        Assert.Equal([instance], await Worker.ParkAsync(instance));
        Assert.Equal(Worker.Id, await Worker.ScalarAsync<int>("SELECT worker_id FROM df.queue"));
    }

    [Fact]
    public async Task Park_ClaimHasTakenTheWakeup_StaysInHand()
    {
        var instance = await ClaimedAsync();
        await User.SignalAsync(instance, "go");
        Assert.True((await Worker.ClaimOneAsync()).Held);
        Assert.Equal([instance], await Worker.ParkAsync(instance));
    }

    [Fact]
    public async Task Park_SignalOfAnotherName_Parks()
    {
        var instance = await ClaimedAsync();
        await User.SignalAsync(instance, "other");
        await Worker.ClaimOneAsync();
        Assert.Empty(await Worker.ParkAsync(instance));
    }

    [Fact]
    public async Task Park_SignalNotYetCommitted_IsWokenByTheCommit()
    {
        var instance = await ClaimedAsync();
        await User.ExecuteAsync("BEGIN");
        await User.SignalAsync(instance, "go");
        Assert.Empty(await Worker.ParkAsync(instance));
        Assert.Empty(await Worker.ClaimAsync());
        await User.ExecuteAsync("COMMIT");
        Assert.False((await Worker.ClaimOneAsync()).Held);
    }

    [Fact]
    public async Task Park_ChildHasEnded_StaysInHand()
    {
        await User.ExecuteAsync("SELECT df.register_workflow('child', 'SELECT 1')");
        var parent = await ClaimedAsync();
        await Worker.StartChildAsync(parent);
        const string WaitsForChild = """[{"node":0,"path":"","kind":"CALL"}]""";
        Assert.Empty(await Worker.ParkAsync(parent, WaitsForChild));

        var child = (await Worker.ClaimOneAsync()).Instance;
        await Worker.EndAsync(child);
        Assert.Equal(parent, (await Worker.ClaimOneAsync()).Instance);
        Assert.Equal([parent], await Worker.ParkAsync(parent, WaitsForChild));
    }

    [Fact]
    public async Task Park_NotInHand_IsNotNamed()
    {
        var instance = await ClaimedAsync();
        await using var other = await Fixture.WorkerAsync();
        Assert.Empty(await other.ParkAsync(instance));
        Assert.Equal(Worker.Id, await Worker.ScalarAsync<int>("SELECT worker_id FROM df.queue"));
    }

    [Fact]
    public async Task Park_RowLockedByACancellation_StaysInHand()
    {
        var instance = await ClaimedAsync();
        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.cancel($1)", await User.IdAsync(instance));
        Assert.Equal([instance], await Worker.ParkAsync(instance));
        await User.ExecuteAsync("COMMIT");
        Assert.Empty(await Worker.ParkAsync(instance));
    }

    [Fact]
    public async Task Park_WithATime_IsDueThen()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(
            await Worker.ParkAsync(instance, """[{"node":0,"path":"","kind":"SLEEP","until":"2020-01-01T00:00:00Z"}]""", "2020-01-01"));
        Assert.Equal(instance, (await Worker.ClaimOneAsync()).Instance);
    }

    // Two workers and a sender, as fast as they can: in any interleaving, every signal is seen.
    [Fact]
    public async Task Park_ManySignalsAtOnce_LosesNone()
    {
        const int Signals = 300;
        var instance = await User.StartAsync();
        await using var other = await Fixture.WorkerAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var taken = 0;

        async Task WorkAsync(TestWorker worker)
        {
            while (Volatile.Read(ref taken) < Signals)
            {
                deadline.Token.ThrowIfCancellationRequested();
                if ((await worker.ClaimAsync()).Count == 0)
                    continue;
                do
                {
                    var signals = await worker.ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1])", instance);
                    if (signals.Count == 0)
                        continue;
                    Assert.Empty(await worker.RecordAsync(
                        $$"""{"instance":{{instance}},"checkpoints":[],"take_signals":[{{string.Join(',', signals)}}]}"""));
                    Interlocked.Add(ref taken, signals.Count);
                }
                while ((await worker.ParkAsync(instance)).Count > 0 && (await worker.ClaimAsync(0)).All(claim => claim.Held));
            }
        }

        async Task SendAsync()
        {
            for (var i = 0; i < Signals; i++)
                await User.SignalAsync(instance, "go");
        }

        await Task.WhenAll(Task.Run(SendAsync), Task.Run(() => WorkAsync(Worker)), Task.Run(() => WorkAsync(other)));
        Assert.Equal(Signals, taken);
        Assert.Equal(0, await Worker.CountAsync("signals"));
    }

    async Task<long> ClaimedAsync()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        return instance;
    }

    Task<List<long>> SignalsAsync(long instance) =>
        Worker.ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1])", instance);
}

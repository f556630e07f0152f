namespace PgDurable.Extension.Tests.Store;

/// <summary>An instance that is given back to wait must not miss what it waits for.</summary>
[Collection(StoreCollection.Name)]
public sealed class ParkTests(StoreFixture fixture) : IAsyncLifetime
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
    public async Task Park_SignalBetweenLoadAndPark_StaysInHand()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await SignalsAsync(instance));
        await _user.SignalAsync(instance, "go");
        Assert.Equal([instance], await _worker.ParkAsync(instance));
        Assert.Equal(_worker.Id, await _worker.ScalarAsync<int>("SELECT worker_id FROM df.queue"));
    }

    [Fact]
    public async Task Park_ClaimHasTakenTheWakeup_StaysInHand()
    {
        var instance = await ClaimedAsync();
        await _user.SignalAsync(instance, "go");
        Assert.True((await _worker.ClaimOneAsync()).Held);
        Assert.Equal([instance], await _worker.ParkAsync(instance));
    }

    [Fact]
    public async Task Park_SignalOfAnotherName_Parks()
    {
        var instance = await ClaimedAsync();
        await _user.SignalAsync(instance, "other");
        await _worker.ClaimOneAsync();
        Assert.Empty(await _worker.ParkAsync(instance));
    }

    [Fact]
    public async Task Park_SignalNotYetCommitted_IsWokenByTheCommit()
    {
        var instance = await ClaimedAsync();
        await _user.ExecuteAsync("BEGIN");
        await _user.SignalAsync(instance, "go");
        Assert.Empty(await _worker.ParkAsync(instance));
        Assert.Empty(await _worker.ClaimAsync());
        await _user.ExecuteAsync("COMMIT");
        Assert.False((await _worker.ClaimOneAsync()).Held);
    }

    [Fact]
    public async Task Park_ChildHasEnded_StaysInHand()
    {
        await _user.ExecuteAsync("SELECT df.register_workflow('child', 'SELECT 1')");
        var parent = await ClaimedAsync();
        await _worker.StartChildAsync(parent);
        const string WaitsForChild = """[{"node":0,"path":"","kind":"CALL"}]""";
        Assert.Empty(await _worker.ParkAsync(parent, WaitsForChild));

        var child = (await _worker.ClaimOneAsync()).Instance;
        await _worker.EndAsync(child);
        Assert.Equal(parent, (await _worker.ClaimOneAsync()).Instance);
        Assert.Equal([parent], await _worker.ParkAsync(parent, WaitsForChild));
    }

    [Fact]
    public async Task Park_NotInHand_IsNotNamed()
    {
        var instance = await ClaimedAsync();
        await using var other = await fixture.WorkerAsync();
        Assert.Empty(await other.ParkAsync(instance));
        Assert.Equal(_worker.Id, await _worker.ScalarAsync<int>("SELECT worker_id FROM df.queue"));
    }

    [Fact]
    public async Task Park_RowLockedByACancellation_StaysInHand()
    {
        var instance = await ClaimedAsync();
        await _user.ExecuteAsync("BEGIN");
        await _user.ExecuteAsync("SELECT df.cancel($1)", await _user.IdAsync(instance));
        Assert.Equal([instance], await _worker.ParkAsync(instance));
        await _user.ExecuteAsync("COMMIT");
        Assert.Empty(await _worker.ParkAsync(instance));
    }

    [Fact]
    public async Task Park_WithATime_IsDueThen()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await _worker.ParkAsync(instance, """[{"node":0,"path":"","kind":"SLEEP","until":"2020-01-01T00:00:00Z"}]""", "2020-01-01"));
        Assert.Equal(instance, (await _worker.ClaimOneAsync()).Instance);
    }

    // Two workers and a sender, as fast as they can: whatever the interleaving, every signal is seen.
    [Fact]
    public async Task Park_ManySignalsAtOnce_LosesNone()
    {
        const int Signals = 300;
        var instance = await _user.StartAsync();
        await using var other = await fixture.WorkerAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var taken = 0;

        async Task WorkAsync(TestWorker worker)
        {
            while (Volatile.Read(ref taken) < Signals)
            {
                deadline.Token.ThrowIfCancellationRequested();
                if ((await worker.ClaimAsync()).Count == 0) continue;
                do
                {
                    var signals = await worker.ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1])", instance);
                    if (signals.Count == 0) continue;
                    Assert.Empty(await worker.RecordAsync($$"""{"instance":{{instance}},"checkpoints":[],"take_signals":[{{string.Join(',', signals)}}]}"""));
                    Interlocked.Add(ref taken, signals.Count);
                }
                while ((await worker.ParkAsync(instance)).Count > 0 && (await worker.ClaimAsync(0)).All(claim => claim.Held));
            }
        }

        async Task SendAsync()
        {
            for (var i = 0; i < Signals; i++) await _user.SignalAsync(instance, "go");
        }

        await Task.WhenAll(Task.Run(SendAsync), Task.Run(() => WorkAsync(_worker)), Task.Run(() => WorkAsync(other)));
        Assert.Equal(Signals, taken);
        Assert.Equal(0, await _worker.CountAsync("signals"));
    }

    async Task<long> ClaimedAsync()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        return instance;
    }

    Task<List<long>> SignalsAsync(long instance) => _worker.ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1])", instance);
}

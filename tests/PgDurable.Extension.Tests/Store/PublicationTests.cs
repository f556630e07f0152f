using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Store;

/// <summary>A server whose tables are all published, and whose clients commit in two phases.</summary>
public sealed class PublicationTests : IAsyncLifetime
{
    PgCluster _cluster = null!;
    TestSession _user = null!;
    TestWorker _worker = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync(
            new() { Settings = new Dictionary<string, string> { ["wal_level"] = "logical", ["max_prepared_transactions"] = "5" } });
        await _cluster.ExecuteAsync("CREATE EXTENSION pg_durable");
        await _cluster.CreateRoleAsync("alice");
        await _cluster.ExecuteAsync("SELECT df.grant_usage('alice'); CREATE PUBLICATION everything FOR ALL TABLES");
        _user = new TestSession(await _cluster.ConnectAsync());
        await _user.ExecuteAsync("SET ROLE alice");
        _worker = await TestWorker.RegisterAsync(_cluster);
    }

    public async Task DisposeAsync()
    {
        await _user.DisposeAsync();
        await _worker.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Everything_AllTablesPublished_Works()
    {
        await _user.ExecuteAsync("SELECT df.register_workflow('child', 'SELECT 1'), df.setvar('a', '1'), df.setvar('a', '2')");
        await _user.ExecuteAsync("SELECT df.schedule('s', '@daily', 'child'), df.pause_schedule('s'), df.unschedule('s')");
        await _worker.ExecuteAsync("SELECT df._worker_schedules(NULL, 10)");
        await _worker.ExecuteAsync("SELECT df._worker_schedule_changes()");
        var instance = await _user.StartAsync();
        var cancelled = await _user.StartAsync();
        foreach (var no in (long[])[instance, cancelled])
            await _user.ExecuteAsync("SELECT df.watch($1)", await _user.IdAsync(no));
        Assert.Equal(2, (await _worker.ClaimAsync()).Count);
        await _worker.StartChildAsync(instance);
        await _worker.ParkAsync(cancelled);
        await _user.SignalAsync(cancelled, "go");
        await _user.ExecuteAsync("SELECT df.pause($1)", await _user.IdAsync(cancelled));
        await _user.ExecuteAsync("SELECT df.resume($1)", await _user.IdAsync(cancelled));
        Assert.Equal(2, (await _worker.ClaimAsync()).Count);
        await _user.ExecuteAsync("SELECT df.cancel($1)", await _user.IdAsync(cancelled));
        await _worker.EndAsync(instance, "failed");
        await _user.ExecuteAsync("SELECT df.retry_instance($1)", await _user.IdAsync(instance));
        await _worker.ClaimAsync();
        await _worker.ScalarAsync<bool>("SELECT df._worker_retry($1, $2, ARRAY[0], ARRAY[''])", _worker.Id, instance);
        await _worker.ExecuteAsync("SELECT df._worker_heartbeat($1), df._worker_rescue($1)", _worker.Id);
        await _worker.EndAsync(instance);
        await _user.ExecuteAsync("SELECT df.unsetvar('a')");
        await _worker.ExecuteAsync("UPDATE df.outcomes SET completed_at = now() - interval '1000 days'");
        await _worker.ExecuteAsync("SELECT df._worker_prune(100)");
        await _worker.ExecuteAsync("SELECT df._worker_unregister($1)", _worker.Id);
    }

    // A worker that waits for notifications must not make the commit fail.
    [Fact]
    public async Task StartSignalAndCancel_TransactionIsPrepared_CountWhenItCommits()
    {
        await _worker.ExecuteAsync("SELECT df._worker_set_idle($1, true)", _worker.Id);
        var waiting = await _user.StartAsync();
        var cancelled = await _user.StartAsync();
        await _worker.ClaimAsync();
        await _worker.ParkAsync(waiting);
        await _user.ExecuteAsync("SELECT df.watch($1)", await _user.IdAsync(cancelled));

        await _user.ExecuteAsync("BEGIN");
        var started = await _user.StartAsync();
        await _user.SignalAsync(waiting, "go");
        await _user.ExecuteAsync("SELECT df.cancel($1)", await _user.IdAsync(cancelled));
        await _user.ExecuteAsync("PREPARE TRANSACTION 'two phases'");
        Assert.Empty(await _worker.ClaimAsync());
        await _user.ExecuteAsync("COMMIT PREPARED 'two phases'");

        Assert.Equal([waiting, started], (await _worker.ClaimAsync()).Select(claim => claim.Instance).Order());
        Assert.Equal("cancelled", await _user.StatusAsync(cancelled));
    }
}

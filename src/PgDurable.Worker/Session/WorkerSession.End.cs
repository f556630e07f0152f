using Npgsql;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <content>The end of a session.</content>
internal sealed partial class WorkerSession
{
    // How long to wait for what belongs to a session that is over.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(1);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _connections.Factory.Backends.AbortAll();
        await _store.DisposeAsync();
        await _connections.Watch.DisposeAsync();
        await _connections.Listener.DisposeAsync();
        _http.Dispose();
    }

    private async Task EndAsync(List<Task> loops, List<Task> runners, Task recorder, CancellationTokenSource recording, bool inGoodOrder)
    {
        if (inGoodOrder)
        {
            Log.SessionStopping(_logger, WorkerId, _inHand.Count);
            await WaitForEndAsync(runners, _options.ShutdownTimeout);
        }

        // Steps that still run are cancelled and rolled back, and run again elsewhere. If the session is gone nobody can cancel them, and
        // they are cut off.
        _inHand.StopAll();
        if (inGoodOrder)
            await WaitForEndAsync(runners, EndWithin);
        _recorder.Complete();
        if (inGoodOrder)
        {
            await WaitForEndAsync([recorder], _options.ShutdownTimeout);
            await UnregisterAsync();
        }
        await recording.CancelAsync();
        await _over.CancelAsync();
        _connections.Factory.Backends.AbortAll();
        await WaitForEndAsync([.. loops, .. runners], EndWithin);
        // What has not ended by now can do no harm: nothing that it commits counts any more.
        if (loops.Concat(runners).Count(task => !task.IsCompleted) is > 0 and var left)
            Log.LeftBehind(_logger, WorkerId, left);
    }

    private async Task WaitForEndAsync(IEnumerable<Task> tasks, TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(tasks).WaitAsync(limit, _time).ConfigureAwait(ConfigureAwaitOptions.None);
        }
        catch (Exception)
        {
            // Each has reported its failure, or takes too long.
        }
    }

    private async Task UnregisterAsync()
    {
        try
        {
            await _store.UnregisterAsync(CancellationToken.None).WaitAsync(EndWithin, _time);
        }
        catch (Exception e) when (e is NpgsqlException or WorkerConnectionException or TimeoutException)
        {
            // The server is gone as well. The next worker frees the claims.
        }
    }
}

using PgDurable.Worker.Store;

namespace PgDurable.Worker.Session;

/// <summary>
/// Removes finished instances that retention doesn't keep, every <c>pg_durable.reconcile_interval</c> seconds, beginning after one
/// interval.
/// </summary>
/// <remarks>
/// Every worker does this. They skip what another one has in hand, and a pass that finds nothing costs a few milliseconds.
/// </remarks>
internal sealed class RetentionLoop(WorkerStore store, TimeProvider time)
{
    // A batch holds the connection that claims need, for about 20 ms.
    private const int BatchSize = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(CancellationToken ct)
    {
        // A change of the setting needs a restart of the server, which ends the worker's session.
        if (await store.ReconcileIntervalAsync(ct) is not { } interval)
            await Task.Delay(Timeout.InfiniteTimeSpan, ct); // retention is off, which is no reason to end the session
        else
            await PruneAsync(interval, ct);
    }

    private async Task PruneAsync(TimeSpan interval, CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(interval, time, ct);
            while (await store.PruneAsync(BatchSize, ct) > 0)
                await Task.Delay(Pause, time, ct);
        }
    }
}

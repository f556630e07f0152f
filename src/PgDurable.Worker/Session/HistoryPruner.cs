using PgDurable.Worker.Store;

namespace PgDurable.Worker.Session;

/// <summary>Removes finished instances that retention does not keep, every <c>pg_durable.reconcile_interval</c> seconds; first after one interval.</summary>
/// <remarks>Every worker does it. They skip what another one has in hand, and a pass that finds nothing costs a few milliseconds.</remarks>
internal sealed class HistoryPruner(WorkerStore store, TimeProvider time)
{
    // A batch holds the connection that claims need, for about 20 ms.
    private const int BatchSize = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(CancellationToken ct)
    {
        // The setting needs a restart of the server to change, and with it the worker's session.
        if (await store.ReconcileIntervalAsync(ct) is not { } interval)
            return;
        while (true)
        {
            await Task.Delay(interval, time, ct);
            while (await store.PruneAsync(BatchSize, ct) > 0)
                await Task.Delay(Pause, time, ct);
        }
    }
}

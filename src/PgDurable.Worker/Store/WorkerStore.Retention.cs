using System.Globalization;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <content>Retention.</content>
internal sealed partial class WorkerStore
{
    private const string Prune = "SELECT df._worker_prune($1)";
    private const int DefaultReconcileSeconds = 3600;

    /// <summary>How often to remove what retention doesn't keep; <c>null</c> means never.</summary>
    public async Task<TimeSpan?> ReconcileIntervalAsync(CancellationToken ct)
    {
        await using var command = Command(quick, DatabaseProbe.Setting, "reconcile_interval");
        var setting = await ReadTextAsync(command, ct);
        var seconds = setting is null ? DefaultReconcileSeconds : int.Parse(setting, CultureInfo.InvariantCulture);
        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>
    /// Removes one batch of what retention doesn't keep. Returns how much it removed; 0 means that nothing is left to remove.
    /// </summary>
    public async Task<long> PruneAsync(int limit, CancellationToken ct)
    {
        await using var command = Command(quick, Prune, limit);
        return await ReadValueAsync<long>(command, ct);
    }
}

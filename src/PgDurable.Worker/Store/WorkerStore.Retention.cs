using System.Globalization;
using Npgsql;

namespace PgDurable.Worker.Store;

/// <content>Retention.</content>
internal sealed partial class WorkerStore
{
    /// <summary>How often to remove what retention does not keep; NULL for never.</summary>
    public async Task<TimeSpan?> ReconcileIntervalAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Setting, quick.Connection) { Parameters = { new() { Value = "reconcile_interval" } } };
        var seconds = (await ReadAsync(command, row => Text(row, 0), ct))[0] is { } setting ? int.Parse(setting, CultureInfo.InvariantCulture) : 3600;
        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>Removes a batch of what retention does not keep and returns how much; 0: there is nothing left to do.</summary>
    public async Task<long> PruneAsync(int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Prune, quick.Connection) { Parameters = { new() { Value = limit } } };
        return (await ReadAsync(command, row => row.GetInt64(0), ct))[0];
    }
}

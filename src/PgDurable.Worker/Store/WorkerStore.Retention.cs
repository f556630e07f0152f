using Npgsql;

namespace PgDurable.Worker.Store;

/// <content>Retention.</content>
internal sealed partial class WorkerStore
{
    /// <summary>How often to remove what retention does not keep; NULL for never.</summary>
    public async Task<TimeSpan?> ReconcileIntervalAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.ReconcileInterval, quick.Connection);
        return (await ReadAsync(command, row => row.GetInt32(0), ct))[0] is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>Removes a batch of what retention does not keep and returns how much; 0: there is nothing left to do.</summary>
    public async Task<long> PruneAsync(int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Prune, quick.Connection) { Parameters = { new() { Value = limit } } };
        return (await ReadAsync(command, row => row.GetInt64(0), ct))[0];
    }
}

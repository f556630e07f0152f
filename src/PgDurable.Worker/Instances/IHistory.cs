using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <summary>What an instance has recorded.</summary>
internal interface IHistory
{
    /// <summary>Goes through it in the order in which the engine took it, and returns the number of the last one; 0 without any.</summary>
    Task<int> FoldAsync(Action<RecordedCheckpoint> take, CancellationToken ct);
}

/// <summary>One that has been read together with others.</summary>
internal sealed class SmallHistory(List<RecordedCheckpoint> recorded) : IHistory
{
    /// <inheritdoc/>
    public Task<int> FoldAsync(Action<RecordedCheckpoint> take, CancellationToken ct)
    {
        foreach (var row in recorded)
            take(row);
        return Task.FromResult(recorded.Count == 0 ? 0 : recorded[^1].Seq);
    }
}

/// <summary>One that is read row by row: what is not needed any more is never in memory together with the rest.</summary>
internal sealed class LargeHistory(WorkerStore store, long instance) : IHistory
{
    /// <inheritdoc/>
    public async Task<int> FoldAsync(Action<RecordedCheckpoint> take, CancellationToken ct)
    {
        var last = 0;
        await store.ReadCheckpointsAsync([instance], row =>
        {
            take(row);
            last = row.Seq;
            return 0;
        }, ct);
        return last;
    }
}

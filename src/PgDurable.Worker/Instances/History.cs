using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <summary>What an instance has recorded.</summary>
internal abstract class History
{
    /// <summary>
    /// Takes each checkpoint in the order in which the engine took it. Returns the number of the last one; 0 if there is none.
    /// </summary>
    public abstract Task<int> FoldAsync(Action<RecordedCheckpoint> take, CancellationToken ct);

    /// <summary>A history that was read together with others.</summary>
    internal sealed class InMemory(List<RecordedCheckpoint> recorded) : History
    {
        public override Task<int> FoldAsync(Action<RecordedCheckpoint> take, CancellationToken ct)
        {
            foreach (var row in recorded)
                take(row);
            return Task.FromResult(recorded.Count == 0 ? 0 : recorded[^1].Seq);
        }
    }

    /// <summary>A history that is read row by row, so that what the instance no longer needs is never in memory all at once.</summary>
    internal sealed class RowByRow(WorkerStore store, long instance) : History
    {
        public override async Task<int> FoldAsync(Action<RecordedCheckpoint> take, CancellationToken ct)
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
}

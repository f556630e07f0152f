using System.Threading.Channels;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>
/// Writes what does not commit together with a step: the ends of waits and requests, failures, outcomes, and instances that are put aside. In batches, because a
/// round trip costs the same for one as for many; for each instance in the order in which it was asked for.
/// </summary>
internal sealed class Recorder(WorkerStore store) : IRecorder
{
    private const int BatchSize = 500;
    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });

    /// <inheritdoc/>
    public void Record(InstanceRecord record, Action<bool> done) => _entries.Writer.TryWrite(new Entry(record.InstanceNo, record, null, done));

    /// <inheritdoc/>
    public void Park(ParkedInstance parked, Action<bool> done) => _entries.Writer.TryWrite(new Entry(parked.InstanceNo, null, parked, done));

    /// <summary>Nothing more will come: <see cref="RunAsync"/> ends when all is written.</summary>
    public void Complete() => _entries.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/>, or until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var batch = new List<Entry>();
        while (await _entries.Reader.WaitToReadAsync(ct))
        {
            batch.Clear();
            while (batch.Count < BatchSize && _entries.Reader.TryRead(out var entry)) batch.Add(entry);

            var records = batch.Where(entry => entry.Record is not null).Select(entry => entry.Record!).ToList();
            var refused = records.Count == 0 ? [] : await store.RecordAsync(records, ct);
            foreach (var entry in batch)
                if (entry.Record is not null) entry.Done(!refused.Contains(entry.InstanceNo));

            var parked = batch.Where(entry => entry.Parked is not null && !refused.Contains(entry.InstanceNo)).Select(entry => entry.Parked!).ToList();
            var kept = parked.Count == 0 ? [] : await store.ParkAsync(parked, ct);
            foreach (var entry in batch)
                if (entry.Parked is not null) entry.Done(!kept.Contains(entry.InstanceNo) && !refused.Contains(entry.InstanceNo));
        }
    }

    private sealed record Entry(long InstanceNo, InstanceRecord? Record, ParkedInstance? Parked, Action<bool> Done);
}

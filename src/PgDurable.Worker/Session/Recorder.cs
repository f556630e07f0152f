using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>
/// Writes what doesn't commit together with a step: the ends of waits and requests, failures, outcomes, and parked instances. It writes in
/// batches, because a round trip costs the same for one as for many, and for each instance in the order of the calls.
/// </summary>
internal sealed class Recorder(WorkerStore store, ILogger logger, TimeProvider time)
{
    private const int BatchSize = 500;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });

    public void Record(InstanceRecord record, Action<Recorded> done) =>
        _entries.Writer.TryWrite(new Entry(record.InstanceNo, record, null, done));

    public void Park(ParkedInstance parked, Action<Recorded> done) =>
        _entries.Writer.TryWrite(new Entry(parked.InstanceNo, null, parked, done));

    /// <summary>Nothing more will come: <see cref="RunAsync"/> ends when everything is written.</summary>
    public void Complete() => _entries.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/> is called, or until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var batch = new List<Entry>();
        while (await _entries.Reader.WaitToReadAsync(ct))
        {
            batch.Clear();
            while (batch.Count < BatchSize && _entries.Reader.TryRead(out var entry))
                batch.Add(entry);

            await WriteAsync([.. batch.Where(entry => entry.Record is not null)], async entries =>
                await store.RecordAsync([.. entries.Select(entry => entry.Record!)], ct), ct);
            await WriteAsync([.. batch.Where(entry => entry.Parked is not null)], async entries =>
            {
                // An instance of which something was not written isn't parked either. It goes back to the queue.
                var kept = await store.ParkAsync([.. entries.Where(entry => !entry.IsVoid(batch)).Select(entry => entry.Parked!)], ct);
                kept.UnionWith(entries.Where(entry => entry.IsVoid(batch)).Select(entry => entry.InstanceNo));
                return kept;
            }, ct);
        }
    }

    /// <summary>
    /// Writes all entries at once. If the database refuses that, writes each by itself, so that only the one that is the reason fails.
    /// </summary>
    private async Task WriteAsync(List<Entry> entries, Func<List<Entry>, Task<HashSet<long>>> write, CancellationToken ct)
    {
        if (entries.Count == 0)
            return;
        var (refused, problem) = await TryAsync(entries, write, ct);
        if (problem is null)
        {
            foreach (var entry in entries)
                Tell(entry, !refused.Contains(entry.InstanceNo));
        }
        else if (entries.Count == 1)
        {
            Tell(entries[0], new Recorded(false, problem));
        }
        else
        {
            foreach (var entry in entries)
                await WriteAsync([entry], write, ct);
        }
    }

    /// <summary>Tries as long as the server is only short of something.</summary>
    private async Task<(HashSet<long> Refused, Exception? Problem)> TryAsync(
        List<Entry> entries, Func<List<Entry>, Task<HashSet<long>>> write, CancellationToken ct)
    {
        for (var pause = Backoff.First; ; pause = Backoff.Next(pause, LongestPause))
        {
            try
            {
                return (await write(entries), null);
            }
            catch (Exception e) when ((Faults.Passes(e) || Faults.IsOfSchema(e)) && !store.IsLost)
            {
                if (pause == Backoff.First)
                    Log.Retrying(logger, "recording", LogText.Of(e));
            }
            catch (Exception e) when (!Faults.IsOfSession(e) && e is not OperationCanceledException)
            {
                return ([], e);
            }
            await Task.Delay(pause, time, ct);
        }
    }

    private void Tell(Entry entry, Recorded recorded)
    {
        entry.Result = recorded;
        try
        {
            entry.Done(recorded);
        }
        catch (Exception e) when (e is not WorkerConnectionException)
        {
            Log.Defect(logger, $"number {entry.InstanceNo}", LogText.Of(e), LogText.Place(e));
        }
    }

    private sealed record Entry(long InstanceNo, InstanceRecord? Record, ParkedInstance? Parked, Action<Recorded> Done)
    {
        public Recorded? Result { get; set; }

        public bool IsVoid(List<Entry> batch) =>
            batch.Exists(other => other.InstanceNo == InstanceNo && other.Result is { IsWritten: false });
    }
}

using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Session;

/// <summary>Reads what has arrived for instances in hand: signals, ended children, a pause.</summary>
internal sealed class UpdateReader(WorkerStore store, InstancesInHand inHand, BackgroundWork background)
{
    // Few enough that what one role has completed does not fill the memory.
    private const int BatchSize = 64;

    /// <summary>Reads for an instance in the background, until it succeeds or the instance fails for it.</summary>
    public void Request(ActiveInstance instance) => background.Run(instance, ct => DeliverAsync([instance], ct));

    /// <summary>Reads for those of these instances that are in hand.</summary>
    public async Task DeliverAsync(IEnumerable<long> instances, CancellationToken ct)
    {
        foreach (var batch in instances.Select(inHand.Find).OfType<ActiveInstance>().Chunk(BatchSize))
        {
            try
            {
                await DeliverAsync(batch, ct);
            }
            catch (Exception e) when (!Faults.IsOfSession(e) && e is not OperationCanceledException)
            {
                // One by one, so that only the one that is the reason suffers.
                foreach (var instance in batch)
                    Request(instance);
            }
        }
    }

    private async Task DeliverAsync(ActiveInstance[] instances, CancellationToken ct)
    {
        var awaited = instances.Select(instance => (Instance: instance, Updates: instance.AwaitedUpdates())).ToList();
        var withTasks = awaited.Where(wanted => wanted.Updates.Tasks).Select(wanted => wanted.Instance.Claim.InstanceNo).ToArray();
        var tasks = (await store.TasksAsync(withTasks, ct)).ToLookup(task => task.InstanceNo);
        var paused = await store.PausedAsync([.. instances.Select(instance => instance.Claim.InstanceNo)], ct);
        foreach (var (instance, updates) in awaited)
        {
            var no = instance.Claim.InstanceNo;
            instance.ReceiveUpdates(
                await store.SignalsAsync(no, updates.Signals, ct),
                updates.Children ? await store.ChildrenAsync(no, ct) : [],
                [.. tasks[no]],
                paused.Contains(no));
        }
    }
}

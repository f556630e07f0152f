using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Session;

/// <summary>Reads what has arrived for instances in hand: signals, ended children, a pause.</summary>
internal sealed class UpdateReader(WorkerStore store, InstancesInHand inHand, BackgroundWork background)
{
    /// <summary>Reads for an instance in the background, until it succeeds or the instance fails for it.</summary>
    public void Request(ActiveInstance instance) => background.Run(instance, ct => DeliverAsync(instance, ct));

    /// <summary>Reads for those of these instances that are in hand.</summary>
    public async Task DeliverAsync(IEnumerable<long> instances, CancellationToken ct)
    {
        foreach (var no in instances)
        {
            if (inHand.Find(no) is not { } instance)
                continue;
            try
            {
                await DeliverAsync(instance, ct);
            }
            catch (Exception e) when (!Faults.IsOfSession(e) && e is not OperationCanceledException)
            {
                Request(instance);
            }
        }
    }

    private async Task DeliverAsync(ActiveInstance instance, CancellationToken ct)
    {
        var no = instance.Claim.InstanceNo;
        var (signals, children) = instance.AwaitedUpdates();
        instance.ReceiveUpdates(
            await store.SignalsAsync(no, signals, ct),
            children ? await store.ChildrenAsync(no, ct) : [],
            await store.IsPausedAsync(no, ct));
    }
}

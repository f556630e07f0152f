using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Sessions;

namespace PgDurable.Worker.Session;

/// <summary>Starts and cancels child workflows. Their parents learn of their ends as updates.</summary>
/// <param name="store">The database.</param>
/// <param name="background">Runs what must not run while the parent is still at the decision that asks.</param>
internal sealed class ChildStarter(WorkerStore store, BackgroundWork background)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Idempotent: after a crash the same child is requested again, and found.
    public void Start(ActiveInstance parent, Command.StartChild child) => background.Run(parent, async ct =>
    {
        try
        {
            if (await store.StartChildAsync(parent.Claim.InstanceNo, child, ct))
                parent.ChildStarted(child.Execution);
            else
                parent.Requeue(Pause);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            parent.ChildRefused(child.Execution, SqlErrors.Describe(e, null));
        }
    });

    public void Cancel(ActiveInstance parent, ExecutionKey execution) => background.Run(parent, async ct =>
    {
        while (!await store.CancelChildAsync(parent.Claim.InstanceNo, execution, ct))
            await Task.Delay(Pause, ct);
    });
}

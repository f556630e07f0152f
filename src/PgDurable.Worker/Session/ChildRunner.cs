using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Sessions;

namespace PgDurable.Worker.Session;

/// <summary>Starts and cancels child workflows. Their ends come as news for the parent.</summary>
/// <param name="store">The database.</param>
/// <param name="background">Does something for an instance, until it succeeds or the session is over.</param>
internal sealed class ChildRunner(WorkerStore store, Action<InstanceFlow, Func<CancellationToken, Task>> background) : IChildRunner
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Idempotent: after a crash the same child is asked for again, and found. On another thread: an answer that is there at once must not reach the parent
    // while it is still at the decision that asks.
    public void Start(InstanceFlow parent, Command.StartChild child) => background(parent, async ct =>
    {
        try
        {
            if (await store.StartChildAsync(parent.Claim.InstanceNo, child, ct))
                parent.ChildStarted(child.Execution);
            else
                parent.GiveBack(Pause);
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            parent.ChildRefused(child.Execution, SqlErrors.Describe(e, null));
        }
    });

    public void Cancel(InstanceFlow parent, ExecutionKey execution) => background(parent, async ct =>
    {
        while (!await store.CancelChildAsync(parent.Claim.InstanceNo, execution, ct))
            await Task.Delay(Pause, ct);
    });
}

using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Dispatch;

/// <summary>Starts and cancels child workflows. Their ends come as news for the parent.</summary>
internal sealed class ChildRunner(WorkerStore store) : IChildRunner
{
    // Idempotent: after a crash the same child is asked for again, and found. On another thread: an answer that is there at once must not reach the parent
    // while it is still at the decision that asks.
    public void Start(InstanceFlow parent, Command.StartChild child) => _ = Task.Run(() => StartAsync(parent, child));

    public void Cancel(InstanceFlow parent, ExecutionKey execution) => _ = Task.Run(() => CancelAsync(parent, execution));

    private async Task StartAsync(InstanceFlow parent, Command.StartChild child)
    {
        try
        {
            if (await store.StartChildAsync(parent.Claim.InstanceNo, child, CancellationToken.None)) parent.ChildStarted(child.Execution);
            else parent.GiveBack(TimeSpan.FromMilliseconds(100));
        }
        catch (PostgresException e)
        {
            parent.ChildRefused(child.Execution, SqlErrors.Describe(e, null));
        }
        catch (NpgsqlException)
        {
            parent.GiveBack(TimeSpan.FromSeconds(1));
        }
    }

    private async Task CancelAsync(InstanceFlow parent, ExecutionKey execution)
    {
        try
        {
            while (!await store.CancelChildAsync(parent.Claim.InstanceNo, execution, CancellationToken.None)) await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
        catch (NpgsqlException)
        {
            // with the database gone, the parent is loaded again and comes to the same point
        }
    }
}

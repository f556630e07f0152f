using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <content>Steps and instances that were in hand when a session, a worker or the server died.</content>
internal sealed partial class WorkerStore
{
    private const string Deaths = "SELECT instance_no, node, path, deaths FROM df._worker_deaths($1)";
    private const string Suspect = "SELECT deaths FROM df._worker_suspect($1, $2, $3, $4)";
    private const string Clear = "SELECT df._worker_clear($1)";
    private const string SynchronousCommit = "SELECT pg_catalog.set_config('synchronous_commit', $1, false)";

    private volatile bool _claimsAreDurable;
    private bool _waitingIsDurable;

    /// <summary>Stands for an instance as a whole, rather than for one of its steps.</summary>
    public static ExecutionKey WholeInstance { get; } = new(-1, "");

    /// <summary>The deaths at which these instances, and their steps, were in hand.</summary>
    public async Task<List<(long InstanceNo, ExecutionKey Execution, int Deaths)>> DeathsAsync(long[] instances, CancellationToken ct)
    {
        if (instances.Length == 0)
            return [];
        await using var command = Command(quick, Deaths, instances);
        return await ReadAsync(
            command, row => (
                row.Get<long>("instance_no"), new ExecutionKey(row.Get<int>("node"), row.Get<string>("path")), row.Get<int>("deaths")), ct);
    }

    /// <summary>
    /// Records that something runs once more that was in hand at a death. Returns the number of deaths so far; <c>null</c> if the worker
    /// doesn't hold the instance.
    /// </summary>
    public async Task<int?> SuspectAsync(long instance, ExecutionKey execution, CancellationToken ct)
    {
        await using var command = OwnCommand(durable, Suspect, new[] { instance }, execution.Node, execution.Path);
        return await ReadAsync(command, row => row.Get<int>("deaths"), ct) is [var deaths] ? deaths : null;
    }

    /// <summary>Clears the record of an instance that has made progress since a worker died with it in hand.</summary>
    public async Task ClearDeathsAsync(long instance, CancellationToken ct)
    {
        await using var command = Command(quick, Clear, instance);
        await RunAsync(command, ct);
    }

    /// <summary>Makes claims wait for the disk, or not.</summary>
    public async Task SetDurableClaimsAsync(bool isDurable, CancellationToken ct)
    {
        _claimsAreDurable = isDurable;
        await using var command = Command(quick, SynchronousCommit, isDurable ? "on" : "off");
        await RunAsync(command, ct);
    }

    // Only before the next wait: the one under way must not hold up the others' claims.
    private async Task FollowDurabilityAsync(CancellationToken ct)
    {
        var isDurable = _claimsAreDurable;
        if (_waitingIsDurable == isDurable)
            return;
        await using var command = Command(waiting!, SynchronousCommit, isDurable ? "on" : "off");
        await RunAsync(command, ct);
        _waitingIsDurable = isDurable;
    }
}

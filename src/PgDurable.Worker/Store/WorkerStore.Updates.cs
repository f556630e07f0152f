using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <content>What reaches an instance from outside: signals, children, and whether it is paused.</content>
internal sealed partial class WorkerStore
{
    private const string News = "SELECT df._worker_news($1)";
    private const string Signals = "SELECT instance_no, signal_no, name, data, sent_at FROM df._worker_signals($1, $2)";
    private const string Children = "SELECT node, path, id, status, result, error FROM df._worker_children($1)";
    private const string Tasks = "SELECT instance_no, node, path, attempt, result, error, is_left FROM df._worker_tasks($1)";
    private const string Paused = "SELECT df._worker_paused($1)";
    private const string StartChild = "SELECT df._worker_start_child($1, $2, $3, $4, $5, $6, $7)";
    private const string CancelChild = "SELECT df._worker_cancel_child($1, $2, $3)";

    /// <summary>The instances in this worker's hands for which something new has arrived.</summary>
    public async Task<long[]> UpdatedInstancesAsync(CancellationToken ct)
    {
        await using var command = OwnCommand(quick, News);
        return await ReadValueAsync<long[]>(command, ct);
    }

    /// <summary>The oldest signals with these names, as many as the database returns at a time.</summary>
    public async Task<List<SignalRow>> SignalsAsync(long instance, string[] names, CancellationToken ct)
    {
        // PostgreSQL's text can't hold NUL, so no signal has such a name.
        names = [.. names.Where(name => !name.Contains('\0', StringComparison.Ordinal))];
        if (names.Length == 0)
            return [];
        await using var command = Command(quick, Signals, new[] { instance }, names);
        return await ReadAsync(command, row => new SignalRow(
            InstanceNo: row.Get<long>("instance_no"), SignalNo: row.Get<long>("signal_no"), Name: row.Get<string>("name"),
            DataJson: row.Get<string>("data"),
            SentAt: row.Get<DateTimeOffset>("sent_at")), ct);
    }

    /// <summary>An instance's children.</summary>
    public async Task<List<ChildRow>> ChildrenAsync(long instance, CancellationToken ct)
    {
        await using var command = Command(quick, Children, instance);
        return await ReadAsync(command, row => new ChildRow(
            Execution: new ExecutionKey(row.Get<int>("node"), row.Get<string>("path")), Id: row.Get<string>("id"),
            Status: row.Get<string>("status"),
            ResultJson: row.FindText("result"), ErrorJson: row.FindText("error")), ct);
    }

    /// <summary>
    /// The tasks of these instances that have ended, with as many results as the database returns at a time. That of the first one always
    /// comes.
    /// </summary>
    public async Task<List<TaskRow>> TasksAsync(long[] instances, CancellationToken ct)
    {
        if (instances.Length == 0)
            return [];
        await using var command = Command(quick, Tasks, instances);
        return await ReadAsync(command, row => new TaskRow(
            InstanceNo: row.Get<long>("instance_no"), Execution: new ExecutionKey(row.Get<int>("node"), row.Get<string>("path")),
            ResultJson: row.FindText("result"), ErrorJson: row.FindText("error"),
            Attempt: row.Get<int>("attempt"), IsLeft: row.Get<bool>("is_left")), ct);
    }

    /// <summary>Those of these instances that are paused.</summary>
    public async Task<long[]> PausedAsync(long[] instances, CancellationToken ct)
    {
        await using var command = Command(quick, Paused, instances);
        return await ReadValueAsync<long[]>(command, ct);
    }

    /// <summary>Starts a child, unless it exists already. Returns <c>false</c> if the parent is locked.</summary>
    /// <exception cref="PostgresException">The workflow or the version doesn't exist.</exception>
    public async Task<bool> StartChildAsync(long parent, Command.StartChild child, CancellationToken ct)
    {
        await using var command = OwnCommand(durable, StartChild, parent, child.Execution.Node, child.Execution.Path, child.Workflow,
            Nullable(child.Version, NpgsqlDbType.Integer), Nullable(child.InputJson, NpgsqlDbType.Json));
        return await ReadOneAsync(command, row => !row.IsDBNull(0), ct);
    }

    /// <summary>Cancels a child. Returns <c>false</c> if it is locked.</summary>
    public async Task<bool> CancelChildAsync(long parent, ExecutionKey execution, CancellationToken ct)
    {
        await using var command = Command(durable, CancelChild, parent, execution.Node, execution.Path);
        return await ReadValueAsync<bool>(command, ct);
    }
}

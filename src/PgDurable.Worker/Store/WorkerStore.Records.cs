using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <content>What instances have done, and what is recorded without a step's commit.</content>
internal sealed partial class WorkerStore
{
    private const string Graph = "SELECT df._worker_graph($1)";
    private const string Checkpoints = """
        SELECT instance_no, node, path, seq, attempt, finished_at, result, columns, error FROM df._worker_checkpoints($1)
        """;

    private const string Record = "SELECT * FROM df._worker_record($1, $2)";
    private const string Park = "SELECT * FROM df._worker_park($1, $2, $3, $4)";
    private const string Retry = "SELECT df._worker_retry($1, $2, $3, $4)";

    /// <summary>A graph's JSON.</summary>
    public async Task<string> GraphAsync(long graphId, CancellationToken ct)
    {
        await using var command = Command(quick, Graph, graphId);
        return await ReadValueAsync<string>(command, ct);
    }

    /// <summary>What instances have recorded so far, each in the order in which the engine took it.</summary>
    public async Task<List<RecordedCheckpoint>> CheckpointsAsync(long[] instances, CancellationToken ct) =>
        instances.Length == 0 ? [] : await ReadCheckpointsAsync(instances, row => row, ct);

    /// <summary>Like <see cref="CheckpointsAsync"/>, but hands each one over as soon as it was read.</summary>
    public async Task<List<T>> ReadCheckpointsAsync<T>(long[] instances, Func<RecordedCheckpoint, T> take, CancellationToken ct)
    {
        await using var command = Command(quick, Checkpoints, instances);
        return await ReadAsync(command, row => take(new RecordedCheckpoint(
            InstanceNo: row.Get<long>("instance_no"), Seq: row.Get<int>("seq"),
            Execution: new ExecutionKey(row.Get<int>("node"), row.Get<string>("path")), At: row.Get<DateTimeOffset>("finished_at"),
            ResultJson: row.FindText("result"), ColumnsJson: row.FindText("columns"), ErrorJson: row.FindText("error"),
            Attempt: row.Get<int>("attempt"))), ct);
    }

    /// <summary>
    /// Records what commits without a step. Returns the instances that this worker no longer holds, or that are locked: nothing of theirs
    /// was written.
    /// </summary>
    public async Task<HashSet<long>> RecordAsync(IReadOnlyCollection<InstanceRecord> records, CancellationToken ct)
    {
        await using var command =
            OwnCommand(durable, Record, new NpgsqlParameter { Value = RecordWriter.Write(records), NpgsqlDbType = NpgsqlDbType.Json });
        return [.. await ReadAsync(command, row => row.GetInt64(0), ct)];
    }

    /// <summary>
    /// Puts instances to sleep until they are due. Returns those that stay with the worker, because something new has arrived for them or
    /// they are locked.
    /// </summary>
    public async Task<HashSet<long>> ParkAsync(IReadOnlyList<ParkedInstance> parked, CancellationToken ct)
    {
        // Npgsql's largest time is PostgreSQL's infinity.
        var due = parked.Select(instance => instance.Due?.UtcDateTime ?? DateTime.MaxValue);
        var waits = $"[{string.Join(',', parked.Select(instance => instance.WaitsJson))}]";
        await using var command = OwnCommand(
            quick, Park, parked.Select(instance => instance.InstanceNo).ToArray(), Array(due, NpgsqlDbType.TimestampTz),
            new NpgsqlParameter { Value = waits, NpgsqlDbType = NpgsqlDbType.Json });
        return [.. await ReadAsync(command, row => row.GetInt64(0), ct)];
    }

    /// <summary>Removes the failures of an instance that is to continue at the steps that failed.</summary>
    public async Task RetryAsync(long instance, IReadOnlyList<ExecutionKey> failed, CancellationToken ct)
    {
        await using var command = OwnCommand(
            durable, Retry, instance, failed.Select(key => key.Node).ToArray(), failed.Select(key => key.Path).ToArray());
        await RunAsync(command, ct);
    }
}

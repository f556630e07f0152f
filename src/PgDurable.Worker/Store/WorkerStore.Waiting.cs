using System.Text;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <content>What happens to instances outside of SQL steps: recorded inputs, waits, signals, children.</content>
internal sealed partial class WorkerStore
{
    /// <summary>Records inputs, carried iterations, taken signals and ends; <paramref name="recordsJson"/> is the array that <c>df._worker_record</c> takes.</summary>
    /// <returns>The instances of which nothing was written: they are another's now, or their row is locked.</returns>
    public async Task<List<long>> RecordAsync(string recordsJson, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Record);
        command.Parameters.Add(new() { Value = recordsJson, NpgsqlDbType = NpgsqlDbType.Json });
        return await ReadAsync(command, row => row.GetInt64(0), ct);
    }

    /// <summary>Gives instances back that wait.</summary>
    /// <returns>Those that stay in this worker's hands: something woke them already, or their row is locked.</returns>
    public async Task<List<long>> ParkAsync(IReadOnlyList<ParkedInstance> instances, CancellationToken ct)
    {
        if (instances.Count == 0) return [];
        var waits = new StringBuilder("[").AppendJoin(',', instances.Select(i => i.WaitsJson)).Append(']').ToString();
        await using var command = Command(SqlCatalog.Park, instances.Select(i => i.InstanceNo).ToArray());
        // The largest value is infinity for Npgsql and for PostgreSQL.
        command.Parameters.Add(new()
        {
            Value = instances.Select(i => i.DueAt?.UtcDateTime ?? DateTime.MaxValue).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        command.Parameters.Add(new() { Value = waits, NpgsqlDbType = NpgsqlDbType.Json });
        return await ReadAsync(command, row => row.GetInt64(0), ct);
    }

    /// <summary>Signals that no wait has taken yet, oldest first.</summary>
    public async Task<List<PendingSignal>> SignalsAsync(long[] instances, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Signals, connection) { Parameters = { new() { Value = instances } } };
        return await ReadAsync(command, row => new PendingSignal(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3)), ct);
    }

    /// <summary>The children of an instance, but for those of loop iterations that are over.</summary>
    public async Task<List<ChildInstance>> ChildrenAsync(long instanceNo, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Children, connection) { Parameters = { new() { Value = instanceNo } } };
        return await ReadAsync(command, row => new ChildInstance(
            new ExecutionKey(row.GetInt32(0), row.GetString(1)), row.GetString(2), row.GetString(3), Text(row, 4), Text(row, 5)), ct);
    }

    /// <summary>Starts the child of an execution of <c>df.call</c>, or finds the one that there is.</summary>
    /// <returns>Its id; NULL when this worker does not hold the parent, or the parent's row is locked.</returns>
    /// <exception cref="PostgresException">DF014: no such workflow or version.</exception>
    public async Task<string?> StartChildAsync(
        long instanceNo, ExecutionKey execution, string workflow, int? version, string? inputJson, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.StartChild, instanceNo, execution.Node, execution.Path, workflow);
        command.Parameters.Add(new() { Value = (object?)version ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (object?)inputJson ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json });
        return (await ReadAsync(command, row => Text(row, 0), ct))[0];
    }

    /// <summary>Cancels the child of an execution of <c>df.call</c>; false when its row is locked: to be tried again.</summary>
    public async Task<bool> CancelChildAsync(long instanceNo, ExecutionKey execution, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.CancelChild, connection)
        {
            Parameters = { new() { Value = instanceNo }, new() { Value = execution.Node }, new() { Value = execution.Path } },
        };
        return (await ReadAsync(command, row => row.GetBoolean(0), ct))[0];
    }

    /// <summary>Removes the failed checkpoints of a retried instance; false when this worker does not hold it, or its row is locked.</summary>
    public async Task<bool> RetryAsync(long instanceNo, IReadOnlyCollection<ExecutionKey> failed, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Retry, instanceNo, failed.Select(f => f.Node).ToArray(), failed.Select(f => f.Path).ToArray());
        return (await ReadAsync(command, row => row.GetBoolean(0), ct))[0];
    }

    /// <summary>Removes a batch of what retention does not keep; 0 when there is nothing left to do.</summary>
    public async Task<long> PruneAsync(int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Prune, connection) { Parameters = { new() { Value = limit } } };
        return (await ReadAsync(command, row => row.GetInt64(0), ct))[0];
    }
}

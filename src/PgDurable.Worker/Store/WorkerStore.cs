using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <summary>What a worker asks of the database outside of steps, on two connections that its loops and instances share.</summary>
/// <remarks>
/// <para>
/// What anybody can have seen must not be taken back by a crash. So whatever says what has happened is on disk, and at a synchronous standby, before it can be seen: the ends of
/// instances, of waits, requests and children, signals that were taken, children and scheduled instances that were started, counts of deaths. These go over
/// <paramref name="durable"/>, many in one commit.
/// </para>
/// <para>
/// What only says who is at work need not be: a claim, a release, a sign of life, what an instance waits for. A crash that loses one of these loses the session that made it, and the next one
/// comes to the same point. These go over <paramref name="quick"/>, whose commits nobody waits for. A commit that is durable makes durable all that was committed before it.
/// </para>
/// </remarks>
/// <param name="quick">Its commits don't wait for the disk.</param>
/// <param name="durable">Its commits do.</param>
/// <param name="workerId">The worker's number.</param>
internal sealed partial class WorkerStore(ControlConnection quick, ControlConnection durable, int workerId) : IAsyncDisposable
{
    /// <summary>For the connections that the store is given: no statement waits longer for a lock before another one has a turn.</summary>
    public const string LockTimeout = "-c lock_timeout=1s";

    /// <summary>Whether one of the connections is gone.</summary>
    public bool IsLost => quick.IsLost || durable.IsLost;

    /// <summary>Takes what is due: so many, oldest first; or so many of each of these lanes.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="role">Of this role only.</param>
    /// <param name="shares">How many of which lanes instead; NULL for all of them.</param>
    /// <param name="wokenOnly">Of lanes, only what has waited for something, and not what has just been started.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<List<ClaimedInstance>> ClaimAsync(
        int limit, uint? role, IReadOnlyCollection<KeyValuePair<Lane, int>>? shares, bool wokenOnly, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Claim, limit);
        command.Parameters.Add(new() { Value = (object?)role ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Oid });
        command.Parameters.Add(new() { Value = (object?)shares?.Select(share => share.Key.Role).ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid });
        command.Parameters.Add(new() { Value = (object?)shares?.Select(share => share.Key.Number).ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = (object?)shares?.Select(share => share.Value).ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        // What was started is due since -infinity, which is Npgsql's least time.
        command.Parameters.Add(new() { Value = wokenOnly ? DateTime.UnixEpoch : DateTime.MinValue, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return await quick.ReadAsync(command, ReadClaim, ct);
    }

    /// <summary>Has claims on disk before they count, or not: see <c>Suspicion</c>.</summary>
    public async Task SetDurableClaimsAsync(bool isDurable, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Durable, quick.Connection) { Parameters = { new() { Value = isDurable ? "on" : "off" } } };
        await quick.ReadAsync(command, _ => 0, ct);
    }

    public async Task<(DateTimeOffset Now, TimeSpan? MinLoopInterval, long? MaxResultBytes)> NowAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Now, quick.Connection);
        return (await quick.ReadAsync(command, row => (
            row.GetFieldValue<DateTimeOffset>(0),
            row.IsDBNull(1) ? (TimeSpan?)null : TimeSpan.FromMilliseconds(row.GetInt32(1)),
            row.IsDBNull(2) ? (long?)null : row.GetInt64(2)), ct))[0];
    }

    /// <summary>What is known of steps, and of instances (node -1), that may have brought a server or a worker down.</summary>
    public async Task<List<(long InstanceNo, ExecutionKey Execution, int Deaths)>> DeathsAsync(long[] instances, CancellationToken ct)
    {
        if (instances.Length == 0)
            return [];
        await using var command = new NpgsqlCommand(SqlCatalog.Deaths, quick.Connection) { Parameters = { new() { Value = instances } } };
        return await quick.ReadAsync(command, row => (row.GetInt64(0), new ExecutionKey(row.GetInt32(1), row.GetString(2)), row.GetInt32(3)), ct);
    }

    /// <summary>Notes that something runs once more that was under way at a death, and returns the deaths so far; NULL when the worker does not hold the instance.</summary>
    public async Task<int?> SuspectAsync(long instance, ExecutionKey execution, CancellationToken ct)
    {
        await using var command = Command(durable, SqlCatalog.Suspect, new[] { instance }, execution.Node, execution.Path);
        return (await durable.ReadAsync(command, row => row.GetInt32(1), ct)) is [var deaths] ? deaths : null;
    }

    /// <summary>An instance that a dead worker had in hand has got on since.</summary>
    public async Task ClearAsync(long instance, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Clear, quick.Connection) { Parameters = { new() { Value = instance } } };
        await quick.ReadAsync(command, _ => 0, ct);
    }

    public async Task<string> GraphAsync(long graphId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Graph, quick.Connection) { Parameters = { new() { Value = graphId } } };
        return (await ReadAsync(command, row => row.GetString(0), ct))[0];
    }

    /// <summary>What instances have done so far, each in the order in which the engine took it.</summary>
    public async Task<List<RecordedCheckpoint>> CheckpointsAsync(long[] instances, CancellationToken ct)
    {
        return instances.Length == 0 ? [] : await ReadCheckpointsAsync(instances, row => row, ct);
    }

    /// <summary>The same, each handed over when it has been read.</summary>
    public async Task<List<T>> ReadCheckpointsAsync<T>(long[] instances, Func<RecordedCheckpoint, T> take, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Checkpoints, quick.Connection) { Parameters = { new() { Value = instances } } };
        return await ReadAsync(command, row => take(new RecordedCheckpoint(
            row.GetInt64(0), row.GetInt32(3), new ExecutionKey(row.GetInt32(1), row.GetString(2)), row.GetFieldValue<DateTimeOffset>(5),
            Text(row, 6), Text(row, 7), Text(row, 8), row.GetInt32(4))), ct);
    }

    /// <summary>Records what commits without a step. The instances that are returned are not this worker's any more, or locked: nothing of theirs was written.</summary>
    public async Task<HashSet<long>> RecordAsync(IReadOnlyCollection<InstanceRecord> records, CancellationToken ct)
    {
        await using var command = Command(durable, SqlCatalog.Record);
        command.Parameters.Add(new() { Value = RecordWriter.Write(records), NpgsqlDbType = NpgsqlDbType.Json });
        return [.. await ReadAsync(command, row => row.GetInt64(0), ct)];
    }

    /// <summary>Gives instances back until they are due. Those that are returned were not: something new has come for them, or they are locked.</summary>
    public async Task<HashSet<long>> ParkAsync(IReadOnlyList<ParkedInstance> parked, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Park, parked.Select(p => p.InstanceNo).ToArray());
        // Npgsql's largest time is PostgreSQL's infinity.
        var due = parked.Select(p => p.Due?.UtcDateTime ?? DateTime.MaxValue).ToArray();
        command.Parameters.Add(new() { Value = due, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = $"[{string.Join(',', parked.Select(p => p.WaitsJson))}]", NpgsqlDbType = NpgsqlDbType.Json });
        return [.. await ReadAsync(command, row => row.GetInt64(0), ct)];
    }

    /// <summary>The oldest signals of these names, as many as fit.</summary>
    public async Task<List<SignalRow>> SignalsAsync(long instance, string[] names, CancellationToken ct)
    {
        // PostgreSQL's text has no NUL: no signal can have such a name.
        names = [.. names.Where(name => !name.Contains('\0', StringComparison.Ordinal))];
        if (names.Length == 0)
            return [];
        await using var command = new NpgsqlCommand(SqlCatalog.Signals, quick.Connection)
        {
            Parameters = { new() { Value = new[] { instance } }, new() { Value = names } },
        };
        return await ReadAsync(command, row => new SignalRow(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4)), ct);
    }

    /// <summary>The children of an instance.</summary>
    public async Task<List<ChildRow>> ChildrenAsync(long instance, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Children, quick.Connection) { Parameters = { new() { Value = instance } } };
        return await ReadAsync(command, row => new ChildRow(
            new ExecutionKey(row.GetInt32(0), row.GetString(1)), row.GetString(2), row.GetString(3), Text(row, 4), Text(row, 5)), ct);
    }

    /// <summary>Starts a child, unless it is there already; false when the parent is locked.</summary>
    /// <exception cref="PostgresException">There is no such workflow or version.</exception>
    public async Task<bool> StartChildAsync(long parent, Command.StartChild child, CancellationToken ct)
    {
        await using var command = Command(durable, SqlCatalog.StartChild, parent, child.Execution.Node, child.Execution.Path, child.Workflow);
        command.Parameters.Add(new() { Value = (object?)child.Version ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (object?)child.InputJson ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json });
        return (await ReadAsync(command, row => !row.IsDBNull(0), ct))[0];
    }

    /// <summary>Cancels a child; false when it is locked.</summary>
    public async Task<bool> CancelChildAsync(long parent, ExecutionKey execution, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.CancelChild, durable.Connection)
        {
            Parameters = { new() { Value = parent }, new() { Value = execution.Node }, new() { Value = execution.Path } },
        };
        return (await ReadAsync(command, row => row.GetBoolean(0), ct))[0];
    }

    /// <summary>Forgets the failures of an instance that is to go on at the failed steps.</summary>
    public async Task RetryAsync(long instance, IReadOnlyList<ExecutionKey> failed, CancellationToken ct)
    {
        await using var command = Command(durable, SqlCatalog.Retry, instance, failed.Select(key => key.Node).ToArray(), failed.Select(key => key.Path).ToArray());
        await ReadAsync(command, _ => 0, ct);
    }

    /// <param name="instance">The instance that sends the request.</param>
    /// <param name="role">The role that a step runs as.</param>
    /// <param name="function">The function that the step stands for, with its argument types.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<HttpRights> HttpRightsAsync(long instance, uint role, string function, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.HttpRights, quick.Connection)
        {
            Parameters = { new() { Value = role, NpgsqlDbType = NpgsqlDbType.Oid }, new() { Value = function }, new() { Value = instance } },
        };
        return (await ReadAsync(command, row => new HttpRights(
            !row.IsDBNull(0) && row.GetBoolean(0), Text(row, 6), Text(row, 7) ?? "", Text(row, 1) ?? "", Text(row, 2) == "on", row.IsDBNull(3) ? 1024 * 1024 : row.GetInt64(3),
            row.IsDBNull(4) ? 16 * 1024 * 1024 : row.GetInt64(4), row.GetFieldValue<DateTimeOffset>(5)), ct))[0];
    }

    public async Task<bool> IsPausedAsync(long instance, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.IsPaused, quick.Connection) { Parameters = { new() { Value = instance } } };
        return (await ReadAsync(command, row => row.GetBoolean(0), ct))[0];
    }

    /// <summary>The instances that the database says this worker holds; NULL when it was declared dead.</summary>
    public async Task<long[]?> HeartbeatAsync(CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Heartbeat);
        return (await ReadAsync(command, row => row.IsDBNull(0) ? null : row.GetFieldValue<long[]>(0), ct))[0];
    }

    public async Task<int[]> RescueAsync(CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Rescue);
        return (await ReadAsync(command, row => row.GetFieldValue<int[]>(0), ct))[0];
    }

    public async Task SetIdleAsync(bool idle, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.SetIdle, idle);
        await ReadAsync(command, _ => 0, ct);
    }

    public async Task ReleaseAsync(long[] instances, TimeSpan delay, CancellationToken ct)
    {
        if (instances.Length == 0)
            return;
        await using var command = Command(SqlCatalog.Release, instances, delay);
        await ReadAsync(command, _ => 0, ct);
    }

    public async Task UnregisterAsync(CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Unregister);
        await ReadAsync(command, _ => 0, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await quick.DisposeAsync();
        await durable.DisposeAsync();
    }

    // A row that can't be read is the fault of one instance, not of those that were claimed together with it.
    private static ClaimedInstance ReadClaim(NpgsqlDataReader row)
    {
        try
        {
            return new ClaimedInstance(
                row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetFieldValue<uint>(3), Text(row, 4),
                !row.IsDBNull(5) && row.GetBoolean(5), row.GetBoolean(6), Text(row, 7), Text(row, 8), Text(row, 9), Text(row, 10), Text(row, 11),
                row.GetFieldValue<DateTimeOffset>(12), row.GetFieldValue<DateTimeOffset>(13), row.GetBoolean(14), row.GetBoolean(15),
                row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16), row.GetBoolean(17), row.GetInt16(18), row.GetInt64(19));
        }
        catch (Exception e) when (e is not NpgsqlException)
        {
            return new ClaimedInstance(
                row.GetInt64(0), row.GetString(1), null, row.GetFieldValue<uint>(3), "", false, true, null, null, null, null, null, default,
                row.GetFieldValue<DateTimeOffset>(13), false, false, null, row.GetBoolean(17))
            {
                Defect = e,
            };
        }
    }

    private static string? Text(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetString(ordinal);

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> arguments) => Command(quick, sql, arguments);

    private NpgsqlCommand Command(ControlConnection on, string sql, params ReadOnlySpan<object> arguments)
    {
        var command = new NpgsqlCommand(sql, on.Connection) { Parameters = { new() { Value = workerId } } };
        foreach (var argument in arguments)
            command.Parameters.Add(new() { Value = argument });
        return command;
    }

    private Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct) =>
        (command.Connection == durable.Connection ? durable : quick).ReadAsync(command, read, ct);
}

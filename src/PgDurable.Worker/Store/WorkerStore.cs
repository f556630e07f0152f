using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>
/// What a worker asks of the database outside of steps, on one connection that its loops share. Nothing here is worth a wait for the disk: a claim, a release or
/// a sign of life that is lost in a crash of the server is lost together with the worker's session.
/// </summary>
internal sealed partial class WorkerStore(NpgsqlConnection connection, int workerId) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<List<ClaimedInstance>> ClaimAsync(int limit, uint? role, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Claim, limit);
        command.Parameters.Add(new() { Value = (object?)role ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Oid });
        return await ReadAsync(command, row => new ClaimedInstance(
            row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetFieldValue<uint>(3),
            row.IsDBNull(4) ? null : row.GetString(4), !row.IsDBNull(5) && row.GetBoolean(5), row.GetBoolean(6),
            Text(row, 7), Text(row, 8), Text(row, 9), Text(row, 10), row.GetFieldValue<DateTimeOffset>(11), row.GetFieldValue<DateTimeOffset>(12),
            row.GetBoolean(13), row.GetBoolean(14), row.GetBoolean(15)), ct);
    }

    public async Task<string> GraphAsync(long graphId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Graph, connection) { Parameters = { new() { Value = graphId } } };
        return (await ReadAsync(command, row => row.GetString(0), ct))[0];
    }

    /// <summary>The inputs that the engine took for an instance, in their order.</summary>
    public async Task<List<StoredCheckpoint>> CheckpointsAsync(long instanceNo, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SqlCatalog.Checkpoints, connection) { Parameters = { new() { Value = instanceNo } } };
        return await ReadAsync(command, row => new StoredCheckpoint(
            new ExecutionKey(row.GetInt32(0), row.GetString(1)), row.GetInt32(2), row.GetInt32(3),
            row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5),
            Text(row, 6) is { } result ? new StepResult(result, ResultColumns.Deserialize(Text(row, 7))) : null, Text(row, 8)), ct);
    }

    /// <summary>The instances that the database says this worker holds; NULL when it was declared dead.</summary>
    public async Task<long[]?> HeartbeatAsync(CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Heartbeat);
        return (await ReadAsync(command, row => row.IsDBNull(0) ? null : row.GetFieldValue<long[]>(0), ct))[0];
    }

    public async Task<int[]> RescueAsync(TimeSpan silence, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.Rescue, silence);
        return (await ReadAsync(command, row => row.GetFieldValue<int[]>(0), ct))[0];
    }

    public async Task SetIdleAsync(bool idle, CancellationToken ct)
    {
        await using var command = Command(SqlCatalog.SetIdle, idle);
        await ReadAsync(command, _ => 0, ct);
    }

    public async Task ReleaseAsync(long[] instances, TimeSpan delay, CancellationToken ct)
    {
        if (instances.Length == 0) return;
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
        await connection.DisposeAsync();
        _turn.Dispose();
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> arguments)
    {
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = workerId } } };
        foreach (var argument in arguments) command.Parameters.Add(new() { Value = argument });
        return command;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            // After its first use the statement is only looked up in the connection's own table.
            await command.PrepareAsync(ct);
            await using var reader = await command.ExecuteReaderAsync(ct);
            var rows = new List<T>();
            while (await reader.ReadAsync(ct)) rows.Add(read(reader));
            return rows;
        }
        finally
        {
            _turn.Release();
        }
    }
}

using Npgsql;
using PgDurable.Worker.Store.Connections;

namespace PgDurable.Worker.Store;

/// <summary>The worker's own statements. Each calls one function of schema <c>df</c>; users' statements never pass through here.</summary>
/// <remarks>
/// <para>
/// A crash must not take back what anybody may have seen. So everything that records what has happened is on disk, and on a synchronous
/// standby, before it becomes visible: the ends of instances, waits, requests and children; signals that were taken; children and scheduled
/// instances that were started; counts of deaths. These statements use <paramref name="durable"/>, and many share one commit.
/// </para>
/// <para>
/// What only records who is at work may be lost: claims, returns to the queue, heartbeats, what an instance waits for. A crash that loses
/// one of these also ends the session that made it, and the next session arrives at the same point. These statements use
/// <paramref name="quick"/>, and nobody waits for their commits to reach the disk. A durable commit makes everything durable that was
/// committed before it.
/// </para>
/// </remarks>
/// <param name="quick">Doesn't wait for the disk when it commits.</param>
/// <param name="durable">Waits for the disk when it commits.</param>
/// <param name="waiting">Waits in the server until there is something to claim; <c>null</c> if the server can't.</param>
/// <param name="workerId">The worker's number.</param>
internal sealed partial class WorkerStore(
    ControlConnection quick, ControlConnection durable, ControlConnection? waiting, int workerId) : IAsyncDisposable
{
    /// <summary>
    /// A setting for all connections: a statement that waits longer than this for a lock lets another statement go first.
    /// </summary>
    public const string LockTimeout = "-c lock_timeout=1s";

    /// <summary>Whether one of the connections is gone.</summary>
    public bool IsLost => quick.IsLost || durable.IsLost || waiting is { IsLost: true };

    public async ValueTask DisposeAsync()
    {
        await quick.DisposeAsync();
        await durable.DisposeAsync();
        if (waiting is not null)
            await waiting.DisposeAsync();
    }

    /// <summary>A statement whose first parameter is the worker's number.</summary>
    private NpgsqlCommand OwnCommand(ControlConnection on, string sql, params ReadOnlySpan<object> arguments) =>
        Command(on, sql, [workerId, .. arguments]);

    private static NpgsqlCommand Command(ControlConnection on, string sql, params ReadOnlySpan<object> arguments)
    {
        var command = new NpgsqlCommand(sql, on.Connection);
        foreach (var argument in arguments)
            command.Parameters.Add(argument as NpgsqlParameter ?? new NpgsqlParameter { Value = argument });
        return command;
    }

    private Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct) =>
        (command.Connection == durable.Connection ? durable : command.Connection == waiting?.Connection ? waiting! : quick)
            .ReadAsync(command, read, ct);

    private async Task<T> ReadOneAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct) =>
        (await ReadAsync(command, read, ct))[0];

    /// <summary>The value of a statement that returns one row with one column.</summary>
    private Task<T> ReadValueAsync<T>(NpgsqlCommand command, CancellationToken ct) =>
        ReadOneAsync(command, row => row.GetFieldValue<T>(0), ct);

    /// <summary>The text of a statement that returns one row with one column; <c>null</c> if that is NULL.</summary>
    private Task<string?> ReadTextAsync(NpgsqlCommand command, CancellationToken ct) =>
        ReadOneAsync(command, row => row.IsDBNull(0) ? null : row.GetString(0), ct);

    private Task RunAsync(NpgsqlCommand command, CancellationToken ct) => ReadAsync(command, _ => 0, ct);
}

using System.Data;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Internal;

namespace PgDurable.Worker.Store.Connections;

/// <summary>
/// The server's end of a connection, and what is under way on it. The connection itself can't tell whether its two ends still reach each
/// other: see <see cref="Backends"/>.
/// </summary>
internal sealed class Backend
{
    private static readonly ConditionalWeakTable<NpgsqlConnection, Backend> Known = [];

    private readonly NpgsqlConnection _connection;
    private readonly Backends _all;
    private long _operations;
    private int _pending;

    internal Backend(Backends all, NpgsqlConnection connection, int pid, DateTime? startedAt)
    {
        (_all, _connection, Pid, StartedAt) = (all, connection, pid, startedAt);
        Known.Add(connection, this);
    }

    /// <summary>The number of its process.</summary>
    public int Pid { get; }

    /// <summary>
    /// When that process began, which tells it from a later one with the same number; <c>null</c> if nobody could be asked.
    /// </summary>
    public DateTime? StartedAt { get; }

    /// <summary>The number of the operation that waits for an answer; <c>null</c> if none does.</summary>
    public long? Pending => Volatile.Read(ref _pending) > 0 ? Volatile.Read(ref _operations) : null;

    /// <summary>Whether the connection is gone.</summary>
    public bool IsLost => _connection.State != ConnectionState.Open;

    /// <summary>The server's end of a connection that <see cref="ConnectionFactory"/> opened.</summary>
    public static Backend Of(NpgsqlConnection connection) => Known.TryGetValue(connection, out var backend)
        ? backend
        : throw new InvalidOperationException("The worker did not open this connection.");

    /// <summary>An answer is waited for, until the returned operation is disposed.</summary>
    public Operation Begin()
    {
        Interlocked.Increment(ref _operations);
        Interlocked.Increment(ref _pending);
        return new Operation(this);
    }

    /// <summary>
    /// Cancels what runs there, or ends the session. Returns <c>false</c> if the session is gone or can't be reached: then this end is cut.
    /// </summary>
    public Task<bool> StopAsync(bool terminate) => _all.StopAsync(this, terminate);

    /// <summary>
    /// Cuts the connection: what is under way on it fails at once, and so does everything later. The server notices within half a second
    /// and rolls back. Npgsql has nothing like this: it waits for the statement when it closes a connection, and asks the server when it
    /// cancels one. Both would wait on a dead path.
    /// </summary>
    public void Abort() => Abort(_connection);

    /// <inheritdoc cref="Abort()"/>
    public static void Abort(NpgsqlConnection connection)
    {
        try
        {
            if (ConnectorOf(connection) is { } connector && SocketOf(connector) is { } socket)
                socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is cut already.
        }
    }

#pragma warning disable NPG9001 // Npgsql's internals: a test would notice if they went away
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    private static extern NpgsqlConnector? ConnectorOf(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket? SocketOf(NpgsqlConnector connector);
#pragma warning restore NPG9001

    /// <summary>The time during which a connection waits for an answer.</summary>
    internal readonly struct Operation(Backend backend) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref backend._pending);
    }
}

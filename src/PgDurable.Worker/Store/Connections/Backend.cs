using System.Data;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Internal;

namespace PgDurable.Worker.Store.Connections;

/// <summary>
/// The server's end of a connection, and what is under way on it. Whether the two ends still reach each other is no question for the connection itself: see
/// <see cref="Backends"/>.
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

    /// <summary>Its process.</summary>
    public int Pid { get; }

    /// <summary>When that began, by which it is told from a later one of the same number; NULL when nobody was there to ask.</summary>
    public DateTime? StartedAt { get; }

    /// <summary>The number of the operation that waits for an answer; NULL when none does.</summary>
    public long? Pending => Volatile.Read(ref _pending) > 0 ? Volatile.Read(ref _operations) : null;

    /// <summary>Whether the connection is gone.</summary>
    public bool IsLost => _connection.State != ConnectionState.Open;

    /// <summary>The one at the other end of a connection that <see cref="ConnectionFactory"/> opened.</summary>
    public static Backend Of(NpgsqlConnection connection) => Known.TryGetValue(connection, out var backend)
        ? backend
        : throw new InvalidOperationException("The connection is none of the worker's.");

    /// <summary>Something is sent, and an answer waited for until what is returned is disposed.</summary>
    public Operation Begin()
    {
        Interlocked.Increment(ref _operations);
        Interlocked.Increment(ref _pending);
        return new Operation(this);
    }

    /// <summary>Cancels what runs there, or ends the session; false when it is gone, or can't be reached: then this end is cut.</summary>
    public Task<bool> StopAsync(bool terminate) => _all.StopAsync(this, terminate);

    /// <summary>
    /// Cuts the connection, whatever is under way on it: that fails at once, and so does all that comes later. The server notices within half a second, and rolls back. Npgsql
    /// has no such thing: closing a connection waits for its statement, and cancelling one asks the server, both of which a dead path makes wait.
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
            // it is cut already
        }
    }

    /// <summary>The connection is closed.</summary>
    public void Forget() => _all.Remove(this);

#pragma warning disable NPG9001 // Npgsql's own: a test would notice if it went away
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    private static extern NpgsqlConnector? ConnectorOf(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket? SocketOf(NpgsqlConnector connector);
#pragma warning restore NPG9001

    /// <summary>The time during which an answer is waited for.</summary>
    internal readonly struct Operation(Backend backend) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref backend._pending);
    }
}

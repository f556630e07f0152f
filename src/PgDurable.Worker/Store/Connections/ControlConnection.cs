using System.Data;
using Npgsql;

namespace PgDurable.Worker.Store.Connections;

/// <summary>
/// A connection for the worker's own statements, shared by its loops and instances: one statement at a time, each prepared at its first
/// use.
/// </summary>
/// <remarks>
/// Its statements have no time-out: a statement that waits for a disk or a standby has not failed. <see cref="Backends"/> finds out whether
/// the server is still there.
/// </remarks>
internal sealed class ControlConnection(NpgsqlConnection connection) : IAsyncDisposable
{
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _turn = new(1, 1);

    public NpgsqlConnection Connection => connection;

    /// <summary>Whether the connection is gone for good.</summary>
    public bool IsLost => connection.State != ConnectionState.Open;

    /// <summary>Runs a statement.</summary>
    /// <exception cref="WorkerConnectionException">The connection is gone.</exception>
    /// <exception cref="PostgresException">The server has refused the statement. The connection can still be used.</exception>
    public async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await ReadOnceAsync(command, read, ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable && !IsLost)
            {
                // Somebody has locked one of our tables. The statement has done nothing, and others may need other tables meanwhile.
            }
            await Task.Delay(LockPause, ct);
        }
    }

    private async Task<List<T>> ReadOnceAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (IsLost)
                throw new WorkerConnectionException("the connection was lost before");
            command.CommandTimeout = 0;
            using var operation = Backend.Of(connection).Begin();
            // After its first use the statement is only looked up in the connection's own table. It can't be cancelled, because that would
            // cost the connection.
            await command.PrepareAsync(CancellationToken.None);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            var rows = new List<T>();
            while (await reader.ReadAsync(CancellationToken.None))
                rows.Add(read(reader));
            return rows;
        }
        catch (Exception e) when (IsLost && e is not WorkerConnectionException)
        {
            throw new WorkerConnectionException(e.Message, e);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A statement under way would keep the connection from being closed.
        if (Backend.Of(connection).Pending is not null)
            Backend.Of(connection).Abort();
        await connection.DisposeAsync();
    }
}

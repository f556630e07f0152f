using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable.Worker.Store.Connections;

/// <summary>
/// The server's ends of a session's connections. A connection that does nothing else asks the server about the others: the path between the
/// two ends may be dead without either knowing, and a statement may run for hours in silence. If this end waits for an answer while the
/// server's end waits for a statement, three times in a row, the connection is cut here and ended there.
/// </summary>
internal sealed class Backends
{
    // PostgreSQL 17 has introduced this setting, so not every server accepts it when a connection is opened.
    private const string NoTransactionTimeout =
        "SELECT pg_catalog.set_config('transaction_timeout', '0', false) "
        + "WHERE pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL";

    private const string Started = "SELECT started_at FROM df._worker_sessions($1)";
    private const string Busy = "SELECT pid, started_at FROM df._worker_sessions($1) WHERE busy";
    private const string StopSession = "SELECT df._worker_stop_session($1, $2, $3)";

    private const int Looks = 3;

    private readonly ConcurrentDictionary<Backend, byte> _all = new();
    private volatile ControlConnection? _watch;

    /// <summary>The connection that checks the others. Connections that were opened before it are not checked.</summary>
    public ControlConnection? Watch
    {
        get => _watch;
        set => _watch = value;
    }

    /// <summary>Adds a connection that has just been opened.</summary>
    public async Task AddAsync(NpgsqlConnection connection)
    {
        DateTime? startedAt = null;
        if (_watch is { IsLost: false } watch)
        {
            await using var identify =
                new NpgsqlCommand(Started, watch.Connection) { Parameters = { new() { Value = new[] { connection.ProcessID } } } };
            if (await watch.ReadAsync(identify, row => row.Get<DateTime>("started_at"), CancellationToken.None) is [var found])
                startedAt = found;
        }
        var backend = new Backend(this, connection, connection.ProcessID, startedAt);
        _all[backend] = 0;
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState is System.Data.ConnectionState.Closed or System.Data.ConnectionState.Broken)
                Remove(backend);
        };
    }

    /// <summary>Removes the last limit that an administrator may have set for sessions in general.</summary>
    public static async Task FreeOfLimitsAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(NoTransactionTimeout, connection) { CommandTimeout = 0 };
        using var operation = Backend.Of(connection).Begin();
        await command.ExecuteNonQueryAsync();
    }

    public void Remove(Backend backend) => _all.TryRemove(backend, out _);

    /// <summary>Cuts all connections: the session is over.</summary>
    public void AbortAll()
    {
        foreach (var backend in _all.Keys)
            backend.Abort();
    }

    /// <summary>Checks the connections regularly, until it is stopped or <see cref="Watch"/> is lost.</summary>
    /// <param name="limit">How long a dead path may go unnoticed.</param>
    /// <param name="report">Receives the process number of each connection found dead.</param>
    /// <param name="time">This machine's clock.</param>
    /// <param name="ct">Stops.</param>
    public async Task WatchAsync(TimeSpan limit, Action<int> report, TimeProvider time, CancellationToken ct)
    {
        var watch = _watch!;
        var suspects = new Dictionary<Backend, (long Operation, int Looks)>();
        while (true)
        {
            await Task.Delay(limit / 4, time, ct);
            var waiting = _all.Keys.Where(backend => backend is { Pending: not null, StartedAt: not null })
                .ToDictionary(backend => backend, backend => backend.Pending!.Value);
            // Asks even if nothing waits: the answer is this connection's own sign of life.
            var busy = await BusyAsync(watch, waiting.Keys, limit * 0.75, ct);
            var next = new Dictionary<Backend, (long Operation, int Looks)>();
            foreach (var (backend, operation) in waiting)
            {
                if (busy.Contains((backend.Pid, backend.StartedAt!.Value)) || backend.Pending != operation)
                    continue;
                var looks = suspects.TryGetValue(backend, out var before) && before.Operation == operation ? before.Looks + 1 : 1;
                if (looks < Looks)
                {
                    next[backend] = (operation, looks); // the answer may be on its way
                    continue;
                }
                report(backend.Pid);
                backend.Abort();
                await backend.StopAsync(terminate: true);
            }
            suspects = next;
        }
    }

    internal async Task<bool> StopAsync(Backend backend, bool terminate)
    {
        try
        {
            if (_watch is { IsLost: false } watch && !backend.IsLost && backend.StartedAt is { } startedAt)
            {
                await using var command = new NpgsqlCommand(StopSession, watch.Connection)
                {
                    Parameters =
                    {
                        new() { Value = backend.Pid },
                        new() { Value = startedAt, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                        new() { Value = terminate },
                    },
                };
                return (await watch.ReadAsync(command, row => !row.IsDBNull(0) && row.GetBoolean(0), CancellationToken.None)) is [true];
            }
        }
        catch (Exception e) when (e is NpgsqlException or WorkerConnectionException)
        {
            // The server can't be reached.
        }
        backend.Abort();
        return false;
    }

    private static async Task<HashSet<(int, DateTime)>> BusyAsync(
        ControlConnection watch, IEnumerable<Backend> backends, TimeSpan limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Busy, watch.Connection)
        {
            Parameters = { new() { Value = backends.Select(backend => backend.Pid).ToArray() } },
        };
        // Without an answer the whole session is lost, because nothing else could say which of its connections are alive.
        using var silence = new Timer(_ => Backend.Of(watch.Connection).Abort(), null, limit, Timeout.InfiniteTimeSpan);
        return [.. await watch.ReadAsync(command, row => (row.Get<int>("pid"), row.Get<DateTime>("started_at")), ct)];
    }
}

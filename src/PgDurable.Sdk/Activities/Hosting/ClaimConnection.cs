using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace PgDurable;

/// <summary>The connection that claims tasks, and waits for new ones while there are none.</summary>
internal sealed class ClaimConnection : IAsyncDisposable
{
    private readonly TaskConnection _connection;
    private readonly TimeProvider _time;
    private readonly NpgsqlParameter<string[]> _claimNames = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<int> _claimMax = new();
    private readonly NpgsqlParameter<TimeSpan> _lease;
    private readonly NpgsqlParameter<string> _claimQueue = new();
    private readonly NpgsqlParameter<string[]> _watchNames = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string> _watchQueue = new();
    private NpgsqlCommand _claim = null!;
    private NpgsqlCommand _watch = null!;

    private ClaimConnection(TaskConnection connection, TimeSpan lease, TimeProvider time, bool listens)
    {
        (_connection, _time, Listens) = (connection, time, listens);
        _lease = new() { TypedValue = lease };
    }

    /// <summary>Whether notifications arrive.</summary>
    public bool Listens { get; }

    /// <summary>Opens the connection.</summary>
    /// <param name="dataSource">The data source.</param>
    /// <param name="options">The lease, and whether to listen.</param>
    /// <param name="time">The clock.</param>
    /// <param name="told">Called when there is a new task, with the activity's name.</param>
    /// <param name="ct">Cancels the attempt.</param>
    public static async Task<ClaimConnection> OpenAsync(
        NpgsqlDataSource dataSource, ActivityOptions options, TimeProvider time, Action<string> told, CancellationToken ct)
    {
        var listens = options.Listen && DataSources.KeepsSession(dataSource);
        var connection = await TaskConnection.OpenAsync(dataSource, listens, ct).ConfigureAwait(false);
        var result = new ClaimConnection(connection, options.Lease, time, listens);
        try
        {
            await result.BeginAsync(told, ct).ConfigureAwait(false);
            return result;
        }
        catch
        {
            await result.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Claims tasks.</summary>
    /// <returns>The tasks, and the timestamp of our clock when their leases have certainly run out.</returns>
    public async Task<(List<ClaimedTask> Tasks, long LeaseEnds)> ClaimAsync(string[] names, string queue, int max)
    {
        (_claimNames.TypedValue, _claimQueue.TypedValue, _claimMax.TypedValue) = (names, queue, max);
        var tasks = new List<ClaimedTask>();
        // Not canceled: tasks that were claimed by then would have to wait for the end of their lease.
        await using var reader =
            await _claim.ExecuteReaderAsync(CommandBehavior.SequentialAccess, CancellationToken.None).ConfigureAwait(false);
        while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            tasks.Add(Read(reader));
        return (tasks, Clock.After(_time, _lease.TypedValue));
    }

    /// <summary>Asks for one notification when there is a new task.</summary>
    public Task WatchAsync(string[] names, string queue)
    {
        (_watchNames.TypedValue, _watchQueue.TypedValue) = (names, queue);
        return _watch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Waits for any notification, at most for some time.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken ct)
    {
        // Npgsql drops fractions of a millisecond, and takes none for no limit at all.
        limit = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(limit.TotalMilliseconds)));
        return Listens ? _connection.Connection.WaitAsync(limit, ct) : Task.Delay(limit, _time, ct);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task BeginAsync(Action<string> told, CancellationToken ct)
    {
        if (Listens)
        {
            _connection.Connection.Notification += (_, notification) =>
            {
                if (notification.Channel == TaskSql.Channel)
                    told(notification.Payload);
            };
            await _connection.ListenAsync(ct).ConfigureAwait(false);
        }
        _claim = await _connection.CommandAsync(TaskSql.Claim, _claimNames, _claimMax, _lease, _claimQueue).ConfigureAwait(false);
        _watch = await _connection.CommandAsync(TaskSql.Watch, _watchNames, _watchQueue).ConfigureAwait(false);
    }

    private static ClaimedTask Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt32(5),
        reader.GetInt32(6), reader.GetGuid(7), reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
        reader.GetFieldValue<DateTimeOffset>(9), reader.IsDBNull(10) ? null : reader.GetString(10));
}

using Npgsql;

namespace PgDurable;

/// <summary>One connection that listens for the ends of instances, for all waits of a client, and only while there are some.</summary>
/// <remarks>
/// A notification is a hint: the waits look for themselves, and keep polling. So whatever goes wrong here (no connection, no LISTEN, a pooler that swallows
/// notifications) costs time and is no error: the listener rests for a while, and the waits poll.
/// </remarks>
internal sealed class EndListener(NpgsqlDataSource dataSource, TimeProvider time, bool enabled)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly bool _enabled = enabled && CanListen(dataSource.ConnectionString);
    private Session? _session;
    private long? _restsSince;

    /// <summary>Begins to listen for one instance; null when there is no listening now.</summary>
    /// <returns>What must be disposed of in the end.</returns>
    public EndWait? Join(string instanceId)
    {
        if (!_enabled)
            return null;
        lock (_gate)
        {
            if (_restsSince is { } since && time.GetElapsedTime(since) < Rest)
                return null;
            _restsSince = null;
            if (_session is null)
            {
                _session = new Session();
                // Not awaited: it ends with its last wait, and reports through Ready and Lost.
                _ = Task.Run(() => RunAsync(_session));
            }
            var wait = new EndWait(this, _session, instanceId);
            _session.Waits.Add(wait);
            return wait;
        }
    }

    /// <summary>Somebody saw an end that had not been announced: notifications do not arrive here.</summary>
    public void Missed()
    {
        lock (_gate)
            _restsSince = time.GetTimestamp();
    }

    private void Leave(EndWait wait)
    {
        var session = wait.Session;
        lock (_gate)
        {
            session.Waits.Remove(wait);
            if (session.Waits.Count > 0)
                return;
            if (_session == session)
                _session = null;
        }
        session.Stop.Cancel();
    }

    private async Task RunAsync(Session session)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(session.Stop.Token).ConfigureAwait(false);
            connection.Notification += (_, notification) => Tell(session, notification.Payload);
            await ExecuteAsync(connection, ClientSql.Listen, session.Stop.Token).ConfigureAwait(false);
            session.Ready.TrySetResult(true);
            try
            {
                while (true)
                    await connection.WaitAsync(session.Stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // A pooled connection must not go on listening for its next user.
                await ExecuteAsync(connection, ClientSql.Unlisten, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException or InvalidOperationException or ObjectDisposedException)
        {
            if (!session.Stop.IsCancellationRequested)
                Missed();
        }
        finally
        {
            lock (_gate)
            {
                if (_session == session)
                    _session = null;
            }
            session.Ready.TrySetResult(false);
            session.Lost.TrySetResult();
        }
    }

    private void Tell(Session session, string instanceId)
    {
        lock (_gate)
        {
            foreach (var wait in session.Waits)
                if (wait.InstanceId == instanceId)
                    wait.Tell();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    // Both settings say that a connection is not one session of the server.
    private static bool CanListen(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return !settings.NoResetOnClose && !settings.Multiplexing;
    }

    /// <summary>One connection's time as the listener.</summary>
    internal sealed class Session
    {
        public List<EndWait> Waits { get; } = [];

        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource<bool> Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Lost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One wait's part of the listener.</summary>
    internal sealed class EndWait(EndListener listener, Session session, string instanceId) : IDisposable
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Session Session => session;

        public string InstanceId => instanceId;

        /// <summary>Whether the server sends notifications from now on.</summary>
        public Task<bool> Ready => session.Ready.Task;

        /// <summary>Ends when the instance's end was announced.</summary>
        public Task Told => _told.Task;

        /// <summary>Ends when nothing will be announced any more.</summary>
        public Task Lost => session.Lost.Task;

        public void Tell() => _told.TrySetResult();

        public void Dispose() => listener.Leave(this);
    }
}

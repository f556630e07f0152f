using Npgsql;

namespace PgDurable;

/// <summary>
/// Listens for the ends of instances, on one connection for all waits of a client. The connection is open only while there are waits.
/// </summary>
/// <remarks>
/// A notification is only a hint: waits check the instance's state themselves and keep polling. So a failure here (no connection, no
/// LISTEN, a pooler that drops notifications) isn't an error. It only makes waits slower: the listener rests for a while, and waits poll.
/// </remarks>
internal sealed class EndListener(NpgsqlDataSource dataSource, TimeProvider time, bool enabled)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly bool _enabled = enabled && DataSources.KeepsSession(dataSource);
    private Session? _session;
    private long? _restsSince;

    /// <summary>Starts to listen for the end of an instance.</summary>
    /// <returns>The wait, which the caller must dispose, or null if listening isn't possible now.</returns>
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
                // Not awaited: the session ends with its last wait and reports through Ready and Lost.
                _ = Task.Run(() => RunAsync(_session));
            }
            var wait = new EndWait(this, _session, instanceId);
            _session.Waits.Add(wait);
            return wait;
        }
    }

    /// <summary>Reports that an instance ended without an announcement, so notifications don't arrive. The listener then rests.</summary>
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
                // A pooled connection must not keep listening when its next user gets it.
                await ExecuteAsync(connection, ClientSql.Unlisten, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception
            is OperationCanceledException or NpgsqlException or InvalidOperationException or ObjectDisposedException)
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

    /// <summary>The lifetime of one listening connection.</summary>
    internal sealed class Session
    {
        public List<EndWait> Waits { get; } = [];

        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource<bool> Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Lost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A wait for the end of one instance.</summary>
    internal sealed class EndWait(EndListener listener, Session session, string instanceId) : IDisposable
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Session Session => session;

        public string InstanceId => instanceId;

        /// <summary>Completes once the connection listens; false if it can't.</summary>
        public Task<bool> Ready => session.Ready.Task;

        /// <summary>Completes when the instance's end is announced.</summary>
        public Task Told => _told.Task;

        /// <summary>Completes when no more announcements can arrive.</summary>
        public Task Lost => session.Lost.Task;

        public void Tell() => _told.TrySetResult();

        public void Dispose() => listener.Leave(this);
    }
}

using Npgsql;

namespace PgDurable.Worker.Store.Connections;

/// <summary>
/// Stops a running statement when a token fires. A cancel request that reaches the server just before the statement does is lost, so it is sent until the
/// statement has ended; and disposal waits for the last one, which would otherwise hit the connection's next statement. A session that does not heed it is ended.
/// </summary>
/// <remarks>
/// Npgsql's own cancel request takes a connection of its own, waits for it on the caller's thread, and holds a lock that a breaking connection needs: where sockets are served by
/// the threads that wait, neither gets on.
/// </remarks>
internal sealed class StatementStop : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(7);

    private readonly Backend _backend;
    private readonly Backend.Operation _operation;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly CancellationTokenRegistration _registration;
    private Task? _stopping;
    private bool _isDisposed;

    /// <param name="connection">The one that the statement is about to be sent on.</param>
    /// <param name="cancelled">Stops it.</param>
    public StatementStop(NpgsqlConnection connection, CancellationToken cancelled)
    {
        _backend = Backend.Of(connection);
        _operation = _backend.Begin();
        _registration = cancelled.Register(Stop);
    }

    /// <summary>Stops it.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!_isDisposed)
                _stopping ??= Task.Run(StopAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task? stopping;
        lock (_lock)
            (_isDisposed, stopping) = (true, _stopping);
        _ended.TrySetResult();
        if (stopping is not null)
            await stopping;
        _registration.Unregister();
        _operation.Dispose();
    }

    private async Task StopAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!_ended.Task.IsCompleted)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            await _backend.StopAsync(terminate: elapsed > Patience);
            // Should it not end even then, at least nothing here waits for it.
            if (elapsed > LastPatience)
                _backend.Abort();
            await Task.WhenAny(_ended.Task, Task.Delay(Interval));
        }
    }
}

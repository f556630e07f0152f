using Npgsql;

namespace PgDurable.Worker.Store.Connections;

/// <summary>
/// Stops a running statement when a token fires. A cancel request is lost if it reaches the server just before the statement does, so it is
/// sent again until the statement has ended. Disposal waits for the last request, which could otherwise hit the connection's next
/// statement. A session that doesn't react is ended.
/// </summary>
/// <remarks>
/// Npgsql's own cancel request opens a connection, waits for it on the caller's thread, and holds a lock that a breaking connection needs.
/// If the waiting threads are those that serve the sockets, neither makes progress.
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

    /// <param name="connection">The connection that the statement is about to be sent on.</param>
    /// <param name="cancelled">Stops the statement when it fires.</param>
    public StatementStop(NpgsqlConnection connection, CancellationToken cancelled)
    {
        _backend = Backend.Of(connection);
        _operation = _backend.Begin();
        _registration = cancelled.Register(Stop);
    }

    /// <summary>Stops the statement.</summary>
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
            // If it doesn't end even then, at least nothing here waits for it.
            if (elapsed > LastPatience)
                _backend.Abort();
            await Task.WhenAny(_ended.Task, Task.Delay(Interval));
        }
    }
}

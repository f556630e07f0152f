namespace PgDurable.Worker.Store;

/// <summary>
/// Stops a running statement when a token fires. A cancel request that reaches the server just before the statement does is lost, so it is sent until the
/// statement has ended; and disposal waits for the last one, which would otherwise hit the connection's next statement.
/// </summary>
internal sealed class StatementStop : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Task> _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;

    public StatementStop(Action cancel, CancellationToken cancelled) =>
        _registration = cancelled.Register(() => _stopping.SetResult(Task.Run(() => StopAsync(cancel))));

    public async ValueTask DisposeAsync()
    {
        _ended.SetResult();
        if (!_registration.Unregister() && _registration.Token.IsCancellationRequested) await await _stopping.Task;
    }

    private async Task StopAsync(Action cancel)
    {
        while (!_ended.Task.IsCompleted)
        {
            cancel();
            await Task.WhenAny(_ended.Task, Task.Delay(Interval));
        }
    }
}

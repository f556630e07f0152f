namespace PgDurable;

/// <summary>Wakes one waiting loop. Setting it twice wakes the loop once.</summary>
internal sealed class WakeSignal
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);

    public void Set()
    {
        try
        {
            if (_semaphore.CurrentCount == 0)
                _semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another thread set it at the same moment.
        }
    }

    public Task WaitAsync(CancellationToken ct) => _semaphore.WaitAsync(ct);

    /// <summary>Returns when the signal is set, or when the time is over.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken ct) => _semaphore.WaitAsync(limit, ct);
}

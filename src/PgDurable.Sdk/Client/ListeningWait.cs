namespace PgDurable;

/// <summary>The listening side of one wait: first there is none, then the listener gets ready, then the server has been asked to announce the end.</summary>
internal sealed class ListeningWait(EndAnnouncements? ends, TimeProvider time) : IDisposable
{
    private EndListener.EndWait? _wait;

    /// <summary>Whether the end will be announced.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>Goes on towards listening as far as it can without waiting for the listener.</summary>
    /// <returns>Whether the server has just been asked to announce the end.</returns>
    public async Task<bool> BeginAsync(CancellationToken ct)
    {
        if (ends is null)
            return false;
        if (_wait is { Lost.IsCompleted: true })
            Dispose();
        _wait ??= ends.Join();
        if (IsWatching || _wait is not { Ready: { IsCompletedSuccessfully: true, Result: true } })
            return false;
        IsWatching = await ends.WatchAsync(ct).ConfigureAwait(false);
        if (!IsWatching)
        {
            ends.Missed();
            Dispose();
        }
        return IsWatching;
    }

    /// <summary>Waits until the pause is over or there is news.</summary>
    /// <returns>Whether the whole pause passed although the end would have been announced.</returns>
    public async Task<bool> PauseAsync(TimeSpan pause, CancellationToken ct)
    {
        if (_wait is null)
        {
            await Task.Delay(pause, time, ct).ConfigureAwait(false);
            return false;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var delay = Task.Delay(pause, time, over.Token);
        var first = await Task.WhenAny(IsWatching ? _wait.Told : _wait.Ready, _wait.Lost, delay).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
        var wasWatching = IsWatching;
        // An announcement is made once.
        if (first == _wait.Told)
            Dispose();
        return first == delay && wasWatching;
    }

    /// <summary>The instance has ended, and nobody said so.</summary>
    public void Missed() => ends?.Missed();

    /// <inheritdoc/>
    public void Dispose()
    {
        _wait?.Dispose();
        _wait = null;
        IsWatching = false;
    }
}

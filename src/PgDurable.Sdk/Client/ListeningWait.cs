namespace PgDurable;

/// <summary>
/// The listening part of a wait. At first it doesn't listen, then the listener gets ready, and then the server is asked to announce the
/// end.
/// </summary>
internal sealed class ListeningWait(EndAnnouncements? ends, TimeProvider time) : IDisposable
{
    private EndListener.EndWait? _wait;

    /// <summary>Whether the server will announce the end.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>Advances towards listening, as far as possible without waiting for the listener.</summary>
    /// <returns>True if this call asked the server to announce the end.</returns>
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

    /// <summary>Waits until the pause is over or something happened.</summary>
    /// <returns>True if the whole pause passed without an announcement, although the server was asked for one.</returns>
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
        // The server announces an end only once.
        if (first == _wait.Told)
            Dispose();
        return first == delay && wasWatching;
    }

    /// <summary>Reports that the instance ended without an announcement.</summary>
    public void Missed() => ends?.Missed();

    /// <inheritdoc/>
    public void Dispose()
    {
        _wait?.Dispose();
        _wait = null;
        IsWatching = false;
    }
}

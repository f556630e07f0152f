namespace PgDurable;

/// <summary>How one wait hears of the end of its instance.</summary>
/// <param name="Join">Begins to listen; null when there is no listening now.</param>
/// <param name="WatchAsync">Asks the server to announce the instance's end; false when it can't.</param>
/// <param name="Missed">Reports that an end was not announced.</param>
internal sealed record EndAnnouncements(Func<EndListener.EndWait?> Join, Func<CancellationToken, Task<bool>> WatchAsync, Action Missed);

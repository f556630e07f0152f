namespace PgDurable;

/// <summary>Lets a wait be notified when its instance ends.</summary>
/// <param name="Join">Starts to listen. Returns null if listening isn't possible now.</param>
/// <param name="WatchAsync">Asks the server to announce the instance's end. Returns false if the server can't.</param>
/// <param name="Missed">Reports that the instance ended without an announcement.</param>
internal sealed record EndAnnouncements(Func<EndListener.EndWait?> Join, Func<CancellationToken, Task<bool>> WatchAsync, Action Missed);

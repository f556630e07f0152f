namespace PgDurable.Worker.Session;

/// <summary>The pauses between tries: each is twice as long as the one before, up to a limit; by default ten seconds.</summary>
internal static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public static TimeSpan Next(TimeSpan pause) => Next(pause, Longest);

    /// <summary>The same with another limit.</summary>
    public static TimeSpan Next(TimeSpan pause, TimeSpan longest) => pause * 2 < longest ? pause * 2 : longest;
}

namespace PgDurable.Worker.Session;

/// <summary>The pauses between tries: each is twice as long as the one before, up to ten seconds.</summary>
internal static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public static TimeSpan Next(TimeSpan pause) => pause * 2 < Longest ? pause * 2 : Longest;
}

namespace PgDurable;

/// <summary>The thresholds of the health check.</summary>
public sealed class PgDurableHealthOptions
{
    /// <summary>
    /// The maximum time that an instance of the connected role may be due before a worker picks it up: zero or more, 1 minute by default.
    /// </summary>
    public TimeSpan LongestBacklog { get; set; } = TimeSpan.FromMinutes(1);

    internal PgDurableHealthOptions Validated() => LongestBacklog >= TimeSpan.Zero
        ? this
        : throw new ArgumentOutOfRangeException(nameof(LongestBacklog), LongestBacklog, $"{nameof(LongestBacklog)} can't be negative.");
}

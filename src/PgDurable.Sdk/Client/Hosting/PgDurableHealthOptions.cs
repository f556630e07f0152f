namespace PgDurable;

/// <summary>When the health check is content.</summary>
public sealed class PgDurableHealthOptions
{
    /// <summary>How long an instance of the connected role may be due before a worker takes it: from zero, 1 minute by default.</summary>
    public TimeSpan LongestBacklog { get; set; } = TimeSpan.FromMinutes(1);

    internal PgDurableHealthOptions Validated() => LongestBacklog >= TimeSpan.Zero
        ? this
        : throw new ArgumentOutOfRangeException(nameof(LongestBacklog), LongestBacklog, $"{nameof(LongestBacklog)} can't be negative.");
}

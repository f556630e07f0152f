namespace PgDurable;

/// <summary>The thresholds of the health check.</summary>
public sealed class PgDurableHealthOptions
{
    /// <summary>
    /// The maximum time that an instance of the connected role may be due before a worker picks it up: zero or more, 1 minute by default.
    /// </summary>
    public TimeSpan LongestBacklog { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The maximum time that a task of an activity may wait before somebody claims it: zero or more, 1 minute by default. Null turns this
    /// off, for instance if tasks wait for a job that runs at night.
    /// </summary>
    public TimeSpan? LongestTaskWait { get; set; } = TimeSpan.FromMinutes(1);

    internal PgDurableHealthOptions Validated()
    {
        if (LongestBacklog < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(LongestBacklog), LongestBacklog, $"{nameof(LongestBacklog)} can't be negative.");
        if (LongestTaskWait < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(LongestTaskWait), LongestTaskWait, $"{nameof(LongestTaskWait)} can't be negative.");
        }
        return this;
    }
}

namespace PgDurable;

/// <summary>Configures how a <see cref="DurableClient"/> waits for instances to end.</summary>
public sealed class DurableClientOptions
{
    /// <summary>
    /// Whether waits use LISTEN; true by default. All waits of a client share one connection, which is open only while there is a wait.
    /// Waits that listen still poll, every <see cref="ListeningPollInterval"/>. If LISTEN is off or unavailable, waits poll every
    /// <see cref="PollInterval"/>. Set this to false behind a pooler that gives each transaction another server connection, such as
    /// PgBouncer in transaction pooling mode. <c>No Reset On Close</c> and <c>Multiplexing</c> in the connection string also turn LISTEN
    /// off.
    /// </summary>
    public bool Listen { get; set; } = true;

    /// <summary>
    /// The maximum interval between polls if a wait doesn't listen: 1 millisecond to 1 minute, 250 milliseconds by default.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The maximum interval between polls if a wait listens: 1 millisecond to 1 hour, 5 seconds by default.</summary>
    public TimeSpan ListeningPollInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal DurableClientOptions Validated()
    {
        CheckRange(PollInterval, TimeSpan.FromMinutes(1), nameof(PollInterval));
        CheckRange(ListeningPollInterval, TimeSpan.FromHours(1), nameof(ListeningPollInterval));
        return this;
    }

    private static void CheckRange(TimeSpan value, TimeSpan longest, string name)
    {
        if (value < TimeSpan.FromMilliseconds(1) || value > longest)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be between 1 millisecond and {longest}.");
    }
}

namespace PgDurable;

/// <summary>How a <see cref="DurableClient"/> waits for the ends of instances.</summary>
public sealed class DurableClientOptions
{
    /// <summary>
    /// Whether waits use LISTEN (true by default), on one connection for all waits of a client, taken while somebody waits. Polling goes on beside it, seldom.
    /// Without LISTEN, or where it can't be had, waits poll every <see cref="PollInterval"/>. Set it to false behind a pooler that gives each transaction another
    /// server connection, such as PgBouncer's transaction pooling; <c>No Reset On Close</c> and <c>Multiplexing</c> in the connection string do so as well.
    /// </summary>
    public bool Listen { get; set; } = true;

    /// <summary>The longest pause between two looks of a wait that polls: 1 millisecond to 1 minute, 250 milliseconds by default.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between two looks of a wait that listens: 1 millisecond to 1 hour, 5 seconds by default.</summary>
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

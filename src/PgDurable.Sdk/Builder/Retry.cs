using PgDurable.Graph;

namespace PgDurable;

/// <summary>A retry policy. Every value is a constant; only the delay may come from data.</summary>
/// <param name="MaxAttempts">The maximum number of attempts, including the first: 1 to 1000.</param>
public sealed record Retry(int MaxAttempts)
{
    /// <summary>
    /// The delay before the second attempt; one second by default, at most one year. It is a constant, or a value of the input or of a
    /// result. Like every delay, it is at most <see cref="MaxDelay"/>.
    /// </summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(Defaults.RetryDelaySeconds);

    /// <summary>The factor by which each further delay grows: 1 to 100, 2 by default.</summary>
    public double Backoff { get; init; } = Defaults.RetryBackoff;

    /// <summary>The maximum delay; by default one minute, or a constant <see cref="Delay"/> that is longer; at most one year.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(Defaults.RetryMaxDelaySeconds);

    /// <summary>
    /// The SQLSTATEs (five characters) or SQLSTATE classes (two characters) to retry on. Null retries on transient errors.
    /// </summary>
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>
    /// Whether an HTTP 429 reply (too many requests) counts as a failure, and delays honor the server's <c>Retry-After</c>, up to
    /// <see cref="MaxDelay"/>. False by default: 429 is then a reply like any other.
    /// </summary>
    public bool RetryAfter { get; init; }
}

using PgDurable.Graph;

namespace PgDurable;

/// <summary>How a step is retried. Every value is a constant.</summary>
/// <param name="MaxAttempts">How often it runs at most, the first time included: from 1 to 1000.</param>
public sealed record Retry(int MaxAttempts)
{
    /// <summary>Before the second attempt: up to a year. One second by default.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(Defaults.RetryDelaySeconds);

    /// <summary>How many times as long each further delay is: from 1 to 100. 2 by default.</summary>
    public double Backoff { get; init; } = Defaults.RetryBackoff;

    /// <summary>What no delay exceeds: up to a year. One minute by default.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(Defaults.RetryMaxDelaySeconds);

    /// <summary>SQLSTATEs (five characters) or classes (two) to retry on; null is those of errors that pass by themselves.</summary>
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>
    /// Whether an HTTP request that is answered with 429 (too many requests) has failed, and a delay is at least as long as the server asks with <c>Retry-After</c>, up to
    /// <see cref="MaxDelay"/>. Not by default: then 429 is a reply like any other.
    /// </summary>
    public bool RetryAfter { get; init; }
}

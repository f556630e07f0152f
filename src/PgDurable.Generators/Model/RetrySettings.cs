namespace PgDurable.Generators.Model;

/// <summary>The settings of a RETRY.</summary>
internal sealed record RetrySettings(
    int MaxAttempts, decimal DelaySeconds, decimal Backoff, decimal MaxDelaySeconds, IReadOnlyList<string>? On, bool RetryAfter);

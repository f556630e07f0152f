namespace PgDurable.Graph;

/// <summary>The settings of a RETRY.</summary>
internal sealed record RetrySettings
{
    public int MaxAttempts { get; init; } = Defaults.RetryAttempts;

    public TimeSetting Delay { get; init; } = (decimal)Defaults.RetryDelaySeconds;

    public decimal Backoff { get; init; } = Defaults.RetryBackoff;

    public decimal MaxDelaySeconds { get; init; } = Defaults.RetryMaxDelaySeconds;

    /// <summary>SQLSTATEs and classes to retry on. Null retries on temporary errors.</summary>
    public IReadOnlyCollection<string>? On { get; init; }

    /// <summary>Whether to respect the server's <c>Retry-After</c>.</summary>
    public bool RetryAfter { get; init; }
}

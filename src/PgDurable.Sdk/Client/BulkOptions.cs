namespace PgDurable;

/// <summary>Options of an action on all instances that match a query.</summary>
public sealed record BulkOptions
{
    /// <summary>
    /// The reason, up to 1000 characters, which the errors of cancelled instances and <c>df.audit</c> will contain. Null for none.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>The signal's name. Required for <see cref="BulkAction.Signal"/>, null for other actions.</summary>
    public string? SignalName { get; init; }

    /// <summary>The signal's payload as JSON, or null for <c>{}</c>. Null for other actions.</summary>
    public string? SignalPayload { get; init; }

    /// <summary>How many instances each transaction takes: 1 to 10,000, 500 by default.</summary>
    public int BatchSize { get; init; } = 500;
}

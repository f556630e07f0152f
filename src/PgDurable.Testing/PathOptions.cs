namespace PgDurable.Testing;

/// <summary>Limits how far <see cref="WorkflowPaths"/> explores.</summary>
public sealed record PathOptions
{
    /// <summary>The maximum number of paths to run: at least 1, 1000 by default.</summary>
    public int MaxPaths { get; init; } = 1000;

    /// <summary>
    /// The maximum number of steps that fail on one path: at least 0, 2 by default. With two, a handler can fail too. All attempts of a
    /// retry count as one failure.
    /// </summary>
    public int MaxFailures { get; init; } = 2;

    /// <summary>The JSON that steps refer to as <c>$input</c>, or null for an object with the properties that they name.</summary>
    public string? InputJson { get; init; }
}

namespace PgDurable.Testing;

/// <summary>How far <see cref="WorkflowPaths"/> goes.</summary>
public sealed record PathOptions
{
    /// <summary>How many paths are run at most, from 1.</summary>
    public int MaxPaths { get; init; } = 1000;

    /// <summary>
    /// How many steps of one path may fail, from 0. With two, a handler can fail too. The attempts of a retry count once.
    /// </summary>
    public int MaxFailures { get; init; } = 2;

    /// <summary>What steps refer to as <c>$input</c>; null for an object with the properties that they name.</summary>
    public string? InputJson { get; init; }
}

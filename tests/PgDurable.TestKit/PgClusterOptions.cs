namespace PgDurable.TestKit;

/// <summary>How a throw-away cluster is made.</summary>
public sealed record PgClusterOptions
{
    /// <summary>Settings of postgresql.conf.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the server starts the worker.</summary>
    public bool Worker { get; init; }
}

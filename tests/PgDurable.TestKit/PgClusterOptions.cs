namespace PgDurable.TestKit;

/// <summary>How a throw-away cluster is made.</summary>
public sealed record PgClusterOptions
{
    /// <summary>Settings of postgresql.conf.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The cluster that this one is to be a standby of, with the settings of that one; null for none.</summary>
    public PgCluster? StandbyOf { get; init; }

    /// <summary>The pg_config of the server's programs; null for that of the environment.</summary>
    public string? PgConfig { get; init; }

    /// <summary>Whether the server starts the worker.</summary>
    public bool Worker { get; init; }
}

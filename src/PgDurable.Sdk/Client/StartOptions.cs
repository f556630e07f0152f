namespace PgDurable;

/// <summary>What can be said about a start besides its input.</summary>
public sealed record StartOptions
{
    /// <summary>A key that makes the start idempotent: the same key by the same role gives the same instance.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What <c>df.instances</c> shows. The workflow's name when it is null.</summary>
    public string? Label { get; init; }

    /// <summary>The instance begins no earlier than this; null for at once. It exists, and can be cancelled, from the start on.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>
    /// The database of the same server that the steps run in; null for the one that has the schema <c>df</c>. Steps in another one are at least once.
    /// A workflow that is started by its registered name runs in its own database: there this must be null.
    /// </summary>
    public string? Database { get; init; }
}

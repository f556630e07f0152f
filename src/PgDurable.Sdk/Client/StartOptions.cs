namespace PgDurable;

/// <summary>What can be said about a start besides its input.</summary>
public sealed record StartOptions
{
    /// <summary>A key that makes the start idempotent: the same key by the same role gives the same instance.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What <c>df.instances</c> shows. The workflow's name when it is null.</summary>
    public string? Label { get; init; }
}

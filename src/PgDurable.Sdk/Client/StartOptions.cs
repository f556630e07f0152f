namespace PgDurable;

/// <summary>Options of a start.</summary>
public sealed record StartOptions
{
    /// <summary>
    /// A key that makes the start idempotent: if the same role starts twice with the same key, it gets the same instance. Null for none.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The label that <c>df.instances</c> shows, or null for the workflow's name.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// The earliest time at which the instance begins, or null to begin immediately. Until then the instance already exists and can be
    /// cancelled.
    /// </summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>
    /// Tags of the instance, by which <c>df.search</c> finds it; null or empty for none. They are there as soon as the instance is. A key
    /// has up to 64 letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, and isn't a word of <c>df.search</c>; a value has up to 256
    /// characters. There can be 32. If <see cref="IdempotencyKey"/> finds an earlier instance, that one gets the tags.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>
    /// The database on the same server in which the steps run, or null for the one that has the schema <c>df</c>. In another database,
    /// steps run at least once instead of exactly once. Must be null if the workflow is started by its registered name, because it then
    /// runs in the database that it is registered in.
    /// </summary>
    public string? Database { get; init; }
}

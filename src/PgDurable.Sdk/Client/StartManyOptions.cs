namespace PgDurable;

/// <summary>Options of a start of many instances.</summary>
public sealed record StartManyOptions
{
    /// <summary>
    /// A key for each input, in the same order, that makes the start idempotent: if the same role starts twice with the same key, it gets
    /// the same instance. Null, as a whole or for one input, for none.
    /// </summary>
    public IReadOnlyList<string?>? IdempotencyKeys { get; init; }

    /// <summary>
    /// The label of each instance that <c>df.instances</c> shows, in the order of the inputs. Null, as a whole or for one input, for the
    /// workflow's name.
    /// </summary>
    public IReadOnlyList<string?>? Labels { get; init; }

    /// <summary>
    /// The earliest time at which the instances begin, or null to begin immediately. Until then they already exist and can be cancelled.
    /// </summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>
    /// Tags of each instance, in the order of the inputs, as in <see cref="StartOptions.Tags"/>. Null, as a whole or for one input, for
    /// none.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>?>? Tags { get; init; }
}

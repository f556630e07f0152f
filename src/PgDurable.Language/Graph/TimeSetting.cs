namespace PgDurable.Graph;

/// <summary>A duration among a node's settings: seconds, or a reference to a value that has them.</summary>
internal readonly record struct TimeSetting
{
    private TimeSetting(decimal seconds, string? reference) => (Seconds, Reference) = (seconds, reference);

    /// <summary>The seconds, if there is no reference.</summary>
    public decimal Seconds { get; }

    public string? Reference { get; }

    public static implicit operator TimeSetting(decimal seconds) => new(seconds, null);

    public static TimeSetting Of(string reference) => new(0, reference);

    public static Argument<TNode> Argument<TNode>(string name, TimeSetting? time)
        where TNode : class =>
        time is { Reference: { } reference } ? new(name, reference) : new(name, time?.Seconds);
}

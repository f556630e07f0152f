namespace PgDurable.Graph;

/// <summary>RETRY, TIMEOUT, TRY, FAIL and UNDO.</summary>
internal static partial class Composer<TNode>
{
    public static Composed<TNode> Retry(TNode node, RetrySettings settings) =>
        new(
            NodeKind.Retry, "df.retry", new("node", node),
            // The form with a reference has no default for this.
            new(
                "max_attempts",
                settings.Delay.Reference is null ? Unless(Defaults.RetryAttempts, settings.MaxAttempts) : settings.MaxAttempts),
            TimeSetting.Argument<TNode>(
                "delay_seconds", settings.Delay == Defaults.RetryDelaySeconds ? (TimeSetting?)null : settings.Delay),
            new("backoff", Unless(Defaults.RetryBackoff, settings.Backoff)),
            new("max_delay_seconds", Unless(Defaults.RetryMaxDelaySeconds, settings.MaxDelaySeconds)),
            new("retry_on", settings.On), new("retry_after", settings.RetryAfter))
        {
            Left = node,
            Query = new ConfigText().Add("max_attempts", settings.MaxAttempts).Add("delay_seconds", settings.Delay)
                .Add("backoff", settings.Backoff).Add("max_delay_seconds", settings.MaxDelaySeconds).AddList("retry_on", settings.On)
                .AddFlag("retry_after", settings.RetryAfter).ToString(),
        };

    public static Composed<TNode> Timeout(TNode node, decimal seconds) =>
        new(NodeKind.Timeout, "df.timeout", new("node", node), new("seconds", seconds))
        {
            Left = node,
            Query = new ConfigText().Add("timeout_seconds", seconds).ToString(),
        };

    public static Composed<TNode> Try(TNode body, TNode handler, TNode? last) =>
        new(NodeKind.Try, "df.try", new("body", body), new("handler", handler), new("finally", last))
        {
            Left = body,
            Right = handler,
            Extra = last is null ? [] : [last],
        };

    public static Composed<TNode> Fail(string message, string? sqlState) =>
        new(NodeKind.Fail, "df.fail", new("message", message), new("sqlstate", sqlState))
        {
            Query = new ConfigText().Add("message", message).Add("sqlstate", sqlState).ToString(),
        };

    public static Composed<TNode> WithUndo(TNode forward, TNode undo) =>
        new(NodeKind.Undo, "df.with_undo", new("forward", forward), new("undo", undo)) { Left = forward, Right = undo };
}

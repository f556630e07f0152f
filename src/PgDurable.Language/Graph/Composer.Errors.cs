namespace PgDurable.Graph;

/// <summary>RETRY, TIMEOUT, TRY, FAIL and UNDO.</summary>
internal static partial class Composer<TNode>
{
    public static Composed<TNode> Retry(TNode node, RetrySettings settings) =>
        new(
            NodeKind.Retry, "df.retry", new("node", node),
            new("max_attempts", Unless(Defaults.RetryAttempts, settings.MaxAttempts)),
            new("delay_seconds", Unless(Defaults.RetryDelaySeconds, settings.DelaySeconds)),
            new("backoff", Unless(Defaults.RetryBackoff, settings.Backoff)),
            new("max_delay_seconds", Unless(Defaults.RetryMaxDelaySeconds, settings.MaxDelaySeconds)),
            new("retry_on", settings.On), new("retry_after", settings.RetryAfter))
        {
            Left = node,
            Query = new ConfigText().Add("max_attempts", settings.MaxAttempts).Add("delay_seconds", settings.DelaySeconds)
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

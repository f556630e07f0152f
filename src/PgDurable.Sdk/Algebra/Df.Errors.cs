using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>Runs a node again when it fails.</summary>
    /// <param name="node">The node.</param>
    /// <param name="maxAttempts">How often it runs at most, the first time included: from 1 to 1000.</param>
    /// <param name="delaySeconds">Seconds before the second attempt, from 0 to 31536000.</param>
    /// <param name="backoff">How many times as long each further delay is, from 1 to 100.</param>
    /// <param name="maxDelaySeconds">Seconds that no delay exceeds, from 0 to 31536000.</param>
    /// <param name="retryOn">
    /// SQLSTATEs (five characters) or classes (two) to retry on; null is those of errors that pass by themselves.
    /// </param>
    /// <param name="retryAfter">
    /// Whether a request that is answered with 429 has failed, and a delay is at least as long as the server asks, up to <paramref name="maxDelaySeconds"/>.
    /// </param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">A number is out of range, or the list is empty or has something else in it.</exception>
    public static DfNode Retry(
        DfNode node, int maxAttempts = Defaults.RetryAttempts, decimal delaySeconds = Defaults.RetryDelaySeconds,
        decimal backoff = Defaults.RetryBackoff, decimal maxDelaySeconds = Defaults.RetryMaxDelaySeconds,
        IReadOnlyCollection<string>? retryOn = null, bool retryAfter = false)
    {
        ArgumentNullException.ThrowIfNull(node);
        var settings = new RetrySettings
        {
            MaxAttempts = maxAttempts,
            DelaySeconds = delaySeconds,
            Backoff = backoff,
            MaxDelaySeconds = maxDelaySeconds,
            On = retryOn,
            RetryAfter = retryAfter,
        };
        return Composition.Node(Composer<DfNode>.Retry(node, settings));
    }

    /// <summary>Fails a node with SQLSTATE DF005 when it takes longer; what it runs is stopped.</summary>
    /// <param name="node">The node.</param>
    /// <param name="seconds">Seconds, more than 0 and at most 31536000.</param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">The seconds are out of range.</exception>
    public static DfNode Timeout(DfNode node, decimal seconds)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Composition.Node(Composer<DfNode>.Timeout(node, seconds));
    }

    /// <summary>
    /// Runs a body and, when it fails, a handler, which reads <c>$error.message</c>, <c>.sqlstate</c>, <c>.node</c> and <c>.attempts</c>.
    /// </summary>
    /// <param name="body">What may fail.</param>
    /// <param name="handler">What runs when it does; its result is then the node's.</param>
    /// <param name="last">What runs at the end in any case; null is nothing.</param>
    /// <returns>The composed node.</returns>
    public static DfNode Try(DfNode body, DfNode handler, DfNode? last = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(handler);
        return Composition.Node(Composer<DfNode>.Try(body, handler, last));
    }

    /// <summary>Fails with an error of your own.</summary>
    /// <param name="message">The message; it may refer to results.</param>
    /// <param name="sqlState">Five of 0-9 and A-Z; null is DF006.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The SQLSTATE is not one.</exception>
    public static DfNode Fail(string message, string? sqlState = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Composition.Node(Composer<DfNode>.Fail(message, sqlState));
    }

    /// <summary>
    /// Runs one node. When a later step fails, the undos of what completed run, the last one first. In SQL <c>forward &lt;-> undo</c>.
    /// </summary>
    /// <param name="forward">What runs.</param>
    /// <param name="undo">What takes it back.</param>
    /// <returns>The composed node.</returns>
    public static DfNode WithUndo(DfNode forward, DfNode undo)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(undo);
        return Composition.Node(Composer<DfNode>.WithUndo(forward, undo));
    }
}

using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>Runs a node again if it fails.</summary>
    /// <param name="node">The node.</param>
    /// <param name="maxAttempts">The maximum number of attempts, from 1 to 1000.</param>
    /// <param name="delaySeconds">The delay before the second attempt in seconds, from 0 to 31536000.</param>
    /// <param name="backoff">The factor by which each further delay grows, from 1 to 100.</param>
    /// <param name="maxDelaySeconds">The maximum delay in seconds, from 0 to 31536000.</param>
    /// <param name="retryOn">
    /// The SQLSTATEs (five characters) or classes (two characters) to retry on. Null retries on temporary errors.
    /// </param>
    /// <param name="retryAfter">
    /// Whether a 429 response counts as a failure, and a delay lasts at least as long as the server asks for, up to
    /// <paramref name="maxDelaySeconds"/>.
    /// </param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">A number is out of range, or the list is empty or contains an invalid code.</exception>
    public static DfNode Retry(
        DfNode node, int maxAttempts = Defaults.RetryAttempts, decimal delaySeconds = Defaults.RetryDelaySeconds,
        decimal backoff = Defaults.RetryBackoff, decimal maxDelaySeconds = Defaults.RetryMaxDelaySeconds,
        IReadOnlyCollection<string>? retryOn = null, bool retryAfter = false)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Retry(node, maxAttempts, (TimeSetting)delaySeconds, backoff, maxDelaySeconds, retryOn, retryAfter);
    }

    /// <summary>Runs a node again if it fails, after a delay that an earlier step or the input decides.</summary>
    /// <param name="node">The node.</param>
    /// <param name="maxAttempts">The maximum number of attempts, from 1 to 1000.</param>
    /// <param name="delayReference">
    /// A reference, such as <c>$input.delay</c>, to the delay before the second attempt: a number of seconds, or an interval such as
    /// <c>90 minutes</c>.
    /// If it is something else, negative or NULL when an attempt has failed, there is no other attempt.
    /// </param>
    /// <param name="backoff">The factor by which each further delay grows, from 1 to 100.</param>
    /// <param name="maxDelaySeconds">The maximum delay in seconds, from 0 to 31536000.</param>
    /// <param name="retryOn">
    /// The SQLSTATEs (five characters) or classes (two characters) to retry on. Null retries on temporary errors.
    /// </param>
    /// <param name="retryAfter">
    /// Whether a 429 response counts as a failure, and a delay lasts at least as long as the server asks for, up to
    /// <paramref name="maxDelaySeconds"/>.
    /// </param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">
    /// A number is out of range, the list is empty or contains an invalid code, or the text isn't a reference.
    /// </exception>
    public static DfNode Retry(
        DfNode node, int maxAttempts, string delayReference, decimal backoff = Defaults.RetryBackoff,
        decimal maxDelaySeconds = Defaults.RetryMaxDelaySeconds, IReadOnlyCollection<string>? retryOn = null, bool retryAfter = false)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Retry(node, maxAttempts, TimeSetting.Of(Reference(delayReference)), backoff, maxDelaySeconds, retryOn, retryAfter);
    }

    private static DfNode Retry(
        DfNode node, int maxAttempts, TimeSetting delay, decimal backoff, decimal maxDelaySeconds, IReadOnlyCollection<string>? retryOn,
        bool retryAfter)
    {
        var settings = new RetrySettings
        {
            MaxAttempts = maxAttempts,
            Delay = delay,
            Backoff = backoff,
            MaxDelaySeconds = maxDelaySeconds,
            On = retryOn,
            RetryAfter = retryAfter,
        };
        return Composition.Node(Composer<DfNode>.Retry(node, settings));
    }

    /// <summary>Stops a node that takes longer than this, and fails it with SQLSTATE DF005.</summary>
    /// <param name="node">The node.</param>
    /// <param name="seconds">The time limit in seconds: more than 0, at most 31536000.</param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">The seconds are out of range.</exception>
    public static DfNode Timeout(DfNode node, decimal seconds)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Composition.Node(Composer<DfNode>.Timeout(node, seconds));
    }

    /// <summary>
    /// Runs a body and, if it fails, a handler, which can read <c>$error.message</c>, <c>.sqlstate</c>, <c>.node</c> and <c>.attempts</c>.
    /// </summary>
    /// <param name="body">The node that may fail.</param>
    /// <param name="handler">Runs if the body fails; its result then becomes the node's.</param>
    /// <param name="last">Runs at the end, whether or not the body failed. Null runs nothing.</param>
    /// <returns>The composed node.</returns>
    public static DfNode Try(DfNode body, DfNode handler, DfNode? last = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(handler);
        return Composition.Node(Composer<DfNode>.Try(body, handler, last));
    }

    /// <summary>Fails with an error of your own.</summary>
    /// <param name="message">The message, which may refer to results.</param>
    /// <param name="sqlState">Five characters from 0-9 and A-Z. Null means DF006.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The text isn't a SQLSTATE.</exception>
    public static DfNode Fail(string message, string? sqlState = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Composition.Node(Composer<DfNode>.Fail(message, sqlState));
    }

    /// <summary>
    /// Makes a whole graph undo its completed steps when an instance of it is canceled. It must be the root of the graph.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The composed node.</returns>
    public static DfNode UndoOnCancel(DfNode graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Race(
            graph,
            WaitForSignal(Graph.UndoOnCancel.Signal).As(Graph.UndoOnCancel.Signal)
                .Then(Fail(Graph.UndoOnCancel.Message, Graph.UndoOnCancel.SqlState)));
    }

    /// <summary>
    /// Runs a node. If a later step fails, the undos of all completed nodes run, the last one first. In SQL: <c>forward &lt;-> undo</c>.
    /// </summary>
    /// <param name="forward">The node to run.</param>
    /// <param name="undo">The node that undoes it.</param>
    /// <returns>The composed node.</returns>
    public static DfNode WithUndo(DfNode forward, DfNode undo)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(undo);
        return Composition.Node(Composer<DfNode>.WithUndo(forward, undo));
    }
}

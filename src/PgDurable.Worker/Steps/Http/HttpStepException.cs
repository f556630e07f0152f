using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A request was refused, or came to nothing.</summary>
/// <param name="error">What the user reads.</param>
/// <param name="cause">The status, or one of a few words: for logs and metrics, which get no data of the user's.</param>
/// <param name="inner">What it follows from.</param>
internal sealed class HttpStepException(StepError error, string cause, Exception? inner = null) : Exception(error.Message, inner)
{
    public StepError Error => error;

    public string Cause => cause;

    /// <summary>The same request may succeed when it is sent again.</summary>
    public bool MayRetry { get; init; }

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

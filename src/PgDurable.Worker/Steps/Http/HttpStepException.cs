using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A request was refused or has failed.</summary>
/// <param name="error">The error that the user sees.</param>
/// <param name="cause">The status, or one of a few fixed words, for logs and metrics, which get none of the user's data.</param>
/// <param name="inner">The exception that caused it.</param>
internal sealed class HttpStepException(StepError error, string cause, Exception? inner = null) : Exception(error.Message, inner)
{
    public StepError Error => error;

    public string Cause => cause;

    /// <summary>Whether the same request may succeed if it is sent again.</summary>
    public bool MayRetry { get; init; }

    /// <summary>How long the server has asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

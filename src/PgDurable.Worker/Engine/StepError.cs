namespace PgDurable.Worker.Engine;

/// <summary>Why a step failed, as users see it.</summary>
/// <param name="Message">What went wrong.</param>
/// <param name="SqlState">SQLSTATE of the error.</param>
/// <param name="Detail">PostgreSQL's detail, if any.</param>
/// <param name="Hint">What to do about it, if known.</param>
/// <param name="Sql">The statement as it ran; null if it never ran.</param>
/// <param name="IsFatal">The next iteration of a loop would fail in the same way, so even a loop that continues on failure ends.</param>
internal sealed record StepError(
    string Message, string SqlState, string? Detail = null, string? Hint = null, string? Sql = null, bool IsFatal = false)
{
    /// <summary>How long a server asked to wait before the next request.</summary>
    public double? RetryAfterSeconds { get; init; }

    /// <summary>Whether an activity says that another attempt may succeed; null if nobody said so.</summary>
    public bool? IsRetryable { get; init; }
}

namespace PgDurable;

/// <summary>An activity failed in a way that its workflow may distinguish. Any other exception is worth a retry.</summary>
public sealed class ActivityException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong, for people who read <c>df.error</c>. Don't put secrets into it.</param>
    /// <param name="sqlState">
    /// Five characters from 0-9 and A-Z that say what kind of failure it is. Handlers and retries can distinguish it.
    /// </param>
    /// <param name="isRetryable">
    /// Whether another attempt may succeed. If so, any retry policy without a list of SQLSTATEs tries again; if not, none does.
    /// </param>
    /// <param name="innerException">What caused it. It isn't recorded.</param>
    /// <exception cref="ArgumentException"><paramref name="sqlState"/> is not a SQLSTATE.</exception>
    public ActivityException(
        string message, string sqlState = DurableErrorCodes.ActivityFailed, bool isRetryable = true, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentNullException.ThrowIfNull(sqlState);
        if (sqlState.Length != 5 || !sqlState.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)))
            throw new ArgumentException($"'{sqlState}' is not a SQLSTATE: five characters from 0-9 and A-Z.", nameof(sqlState));
        SqlState = sqlState;
        IsRetryable = isRetryable;
    }

    /// <summary>The SQLSTATE of the step's failure.</summary>
    public string SqlState { get; }

    /// <summary>Whether another attempt may succeed.</summary>
    public bool IsRetryable { get; }
}

namespace PgDurable.Testing;

/// <summary>The answer of a step that fails.</summary>
/// <param name="SqlState">The SQLSTATE: five digits and upper-case letters, such as <c>23505</c>, or <c>DF008</c> for a failed
/// request.</param>
/// <param name="Message">The message; null for one that says that the test asked for the failure.</param>
/// <remarks>40001, 40P01 and 53300 are tried again by the worker itself, at most ten times, in no virtual time.</remarks>
public sealed record StepFailure(string SqlState, string? Message = null)
{
    /// <summary>PostgreSQL's detail.</summary>
    public string? Detail { get; init; }

    /// <summary>PostgreSQL's hint.</summary>
    public string? Hint { get; init; }

    internal Worker.Engine.StepError ToError(string? sql) =>
        new(Message ?? $"failed with {SqlState}, as the test asked for", SqlState, Detail, Hint, sql);
}

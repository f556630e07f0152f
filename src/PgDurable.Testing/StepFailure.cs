namespace PgDurable.Testing;

/// <summary>The answer for a step that fails.</summary>
/// <param name="SqlState">
/// The SQLSTATE: five digits and uppercase letters, such as <c>23505</c>, or <c>DF008</c> for a failed request.
/// </param>
/// <param name="Message">The message, or null for a default that says that the test caused the failure.</param>
/// <remarks>The worker itself retries 40001, 40P01 and 53300, up to ten attempts. This takes no virtual time.</remarks>
public sealed record StepFailure(string SqlState, string? Message = null)
{
    /// <summary>PostgreSQL's detail, or null for none.</summary>
    public string? Detail { get; init; }

    /// <summary>PostgreSQL's hint, or null for none.</summary>
    public string? Hint { get; init; }

    internal Worker.Engine.StepError ToError(string? sql) =>
        new(Message ?? $"failed with {SqlState}, as requested by the test", SqlState, Detail, Hint, sql);
}

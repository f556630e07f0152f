namespace PgDurable.Testing;

/// <summary>A step has run that the test has no answer for. The message shows the line to write.</summary>
public sealed class UnansweredStepException : WorkflowTestException
{
    internal UnansweredStepException(TestStep step, string suggestion, string message)
        : base(message) => (Step, Suggestion) = (step, suggestion);

    /// <summary>The step.</summary>
    public TestStep Step { get; }

    /// <summary>A line that answers it, to be completed: <c>.Rows("order", new { total = … })</c>.</summary>
    public string Suggestion { get; }
}

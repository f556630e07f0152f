namespace PgDurable.Testing;

/// <summary>Thrown when a step runs that the test has no answer for. The message shows the line to add.</summary>
public sealed class UnansweredStepException : WorkflowTestException
{
    internal UnansweredStepException(TestStep step, string suggestion, string message)
        : base(message) => (Step, Suggestion) = (step, suggestion);

    /// <summary>The step without an answer.</summary>
    public TestStep Step { get; }

    /// <summary>A line to complete and add to the test: <c>.Rows("order", new { total = … })</c>.</summary>
    public string Suggestion { get; }
}

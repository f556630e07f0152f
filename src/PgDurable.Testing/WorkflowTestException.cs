namespace PgDurable.Testing;

/// <summary>A test of a workflow can't go on, or an expectation of it was not met. The message has the trace.</summary>
/// <param name="message">What is wrong, and what to write instead.</param>
/// <param name="innerException">What it follows from.</param>
public class WorkflowTestException(string message, Exception? innerException = null) : Exception(message, innerException);

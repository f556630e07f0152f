namespace PgDurable.Testing;

/// <summary>Thrown when a test can't continue or an assertion fails. The message includes the trace.</summary>
/// <param name="message">The message: what is wrong and what to do.</param>
/// <param name="innerException">The cause, or null if there is none.</param>
public class WorkflowTestException(string message, Exception? innerException = null) : Exception(message, innerException);

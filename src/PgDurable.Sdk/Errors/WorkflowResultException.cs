namespace PgDurable;

/// <summary>Thrown when a workflow's result doesn't fit the type that the workflow declares.</summary>
/// <param name="message">The message: the workflow, the column, what was expected and what was found.</param>
/// <param name="innerException">The conversion error, or null if there is none.</param>
public sealed class WorkflowResultException(string message, Exception? innerException = null) : Exception(message, innerException);

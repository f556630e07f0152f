namespace PgDurable;

/// <summary>Thrown when a workflow's result, or an activity's input or result, doesn't fit the type that it is declared with.</summary>
/// <param name="message">The message: the workflow or activity, the column or member, what was expected and what was found.</param>
/// <param name="innerException">The conversion error, or null if there is none.</param>
public sealed class WorkflowResultException(string message, Exception? innerException = null) : Exception(message, innerException);

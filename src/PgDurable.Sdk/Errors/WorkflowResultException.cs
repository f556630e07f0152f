namespace PgDurable;

/// <summary>A workflow completed, but its result does not fit the type that the workflow declares.</summary>
/// <param name="message">Which column of which workflow, what was expected and what was found.</param>
/// <param name="innerException">The conversion that failed, if one did.</param>
public sealed class WorkflowResultException(string message, Exception? innerException = null) : Exception(message, innerException);

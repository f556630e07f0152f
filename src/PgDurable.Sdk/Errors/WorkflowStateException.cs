namespace PgDurable;

/// <summary>
/// Thrown when an instance's state doesn't allow the operation, such as pausing an instance that has ended, retrying one that hasn't
/// failed, or forking from a step that it hasn't reached.
/// </summary>
/// <param name="instanceId">The instance's id.</param>
/// <param name="message">The database's message.</param>
/// <param name="innerException">The database error.</param>
public sealed class WorkflowStateException(string instanceId, string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException)
{
    /// <summary>The instance's id.</summary>
    public string InstanceId { get; } = instanceId;
}

namespace PgDurable;

/// <summary>The instance is in no state for what was asked: pausing one that has ended, or retrying one that has not failed.</summary>
/// <param name="instanceId">The instance.</param>
/// <param name="message">What the database says.</param>
/// <param name="innerException">The error of the database.</param>
public sealed class WorkflowStateException(string instanceId, string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException)
{
    /// <summary>The instance.</summary>
    public string InstanceId { get; } = instanceId;
}

namespace PgDurable;

/// <summary>Thrown when the awaited instance was cancelled.</summary>
/// <param name="instanceId">The instance's id.</param>
/// <param name="reason">The reason, as <c>df.error</c> returns it.</param>
public sealed class WorkflowCancelledException(string instanceId, string reason)
    : Exception($"Workflow instance '{instanceId}' was cancelled: {reason}")
{
    /// <summary>The instance's id.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>The reason that was passed to <c>df.cancel</c>.</summary>
    public string Reason { get; } = reason;
}

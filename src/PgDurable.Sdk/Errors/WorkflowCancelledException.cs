namespace PgDurable;

/// <summary>The instance that was waited for has been cancelled.</summary>
/// <param name="instanceId">The instance.</param>
/// <param name="reason">What <c>df.error</c> says.</param>
public sealed class WorkflowCancelledException(string instanceId, string reason)
    : Exception($"Workflow instance '{instanceId}' was cancelled: {reason}")
{
    /// <summary>The instance.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>The reason that was given to <c>df.cancel</c>.</summary>
    public string Reason { get; } = reason;
}

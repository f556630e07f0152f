namespace PgDurable;

/// <summary>One look at an instance.</summary>
/// <param name="Status">What <c>df.status</c> says; null for an instance that can't be seen.</param>
/// <param name="Result">What <c>df.result</c> says.</param>
/// <param name="Error">What <c>df.error</c> says.</param>
internal readonly record struct InstanceState(string? Status, string? Result, string? Error)
{
    public WorkflowStatus Parse(string instanceId) => Status switch
    {
        "pending" => WorkflowStatus.Pending,
        "running" => WorkflowStatus.Running,
        "completed" => WorkflowStatus.Completed,
        "failed" => WorkflowStatus.Failed,
        "cancelled" => WorkflowStatus.Cancelled,
        null => throw new WorkflowNotFoundException(instanceId),
        _ => throw new NotSupportedException($"Instance '{instanceId}' is '{Status}': the database is newer than this client."),
    };

    /// <summary>The word that the database has for a status.</summary>
    public static string Word(WorkflowStatus status) => status switch
    {
        WorkflowStatus.Pending => "pending",
        WorkflowStatus.Running => "running",
        WorkflowStatus.Completed => "completed",
        WorkflowStatus.Failed => "failed",
        WorkflowStatus.Cancelled => "cancelled",
    };
}

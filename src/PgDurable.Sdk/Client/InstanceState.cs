namespace PgDurable;

/// <summary>A snapshot of an instance's state.</summary>
/// <param name="Status">The result of <c>df.status</c>, or null if the instance doesn't exist or the role can't see it.</param>
/// <param name="Result">The result of <c>df.result</c>.</param>
/// <param name="Error">The result of <c>df.error</c>.</param>
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
        _ => throw new NotSupportedException(
            $"Instance '{instanceId}' has the unknown status '{Status}': the schema df is newer than this client. Update the package " +
            "PgDurable.Sdk."),
    };

    /// <summary>Returns the database's name of a status.</summary>
    public static string Word(WorkflowStatus status) => status switch
    {
        WorkflowStatus.Pending => "pending",
        WorkflowStatus.Running => "running",
        WorkflowStatus.Completed => "completed",
        WorkflowStatus.Failed => "failed",
        WorkflowStatus.Cancelled => "cancelled",
    };
}

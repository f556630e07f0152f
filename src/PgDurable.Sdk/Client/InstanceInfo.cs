namespace PgDurable;

/// <summary>An instance as <c>df.instances</c> shows it.</summary>
/// <param name="InstanceId">The instance's id: eight lower-case hexadecimal digits.</param>
/// <param name="Label">What its start said; null for nothing.</param>
/// <param name="Workflow">The registered workflow that it was started from; null for any other graph.</param>
/// <param name="WorkflowVersion">The version of that workflow.</param>
/// <param name="Status">How it stands.</param>
/// <param name="SubmittedBy">The role whose rights its steps run with.</param>
/// <param name="Database">The database that its steps run in; null for the one of the schema <c>df</c>.</param>
/// <param name="CreatedAt">Time of the transaction that started it.</param>
/// <param name="StartedAt">When a worker first took it up; null while it is pending.</param>
/// <param name="EndedAt">When it completed, failed or was cancelled; null before.</param>
/// <param name="Output">The result as compact JSON, or the message of the error; null before the end.</param>
public sealed record InstanceInfo(
    string InstanceId,
    string? Label,
    string? Workflow,
    int? WorkflowVersion,
    WorkflowStatus Status,
    string SubmittedBy,
    string? Database,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string? Output);

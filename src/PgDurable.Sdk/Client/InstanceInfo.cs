namespace PgDurable;

/// <summary>An instance as <c>df.instances</c> shows it.</summary>
/// <param name="InstanceId">The instance's id: eight lowercase hexadecimal digits.</param>
/// <param name="Label">The label that was set at the start, or null for none.</param>
/// <param name="Workflow">The registered workflow that it was started from, or null if it wasn't started from one.</param>
/// <param name="WorkflowVersion">The version of that workflow, or null.</param>
/// <param name="Status">The status.</param>
/// <param name="SubmittedBy">The role that started it. Its steps run with the privileges of this role.</param>
/// <param name="Database">The database that its steps run in, or null for the one that has the schema <c>df</c>.</param>
/// <param name="CreatedAt">The time of the transaction that started it.</param>
/// <param name="StartedAt">When a worker first picked it up, or null while it is pending.</param>
/// <param name="EndedAt">When it completed, failed or was cancelled, or null before that.</param>
/// <param name="Output">The result as compact JSON, or the error message. Null until it ends.</param>
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

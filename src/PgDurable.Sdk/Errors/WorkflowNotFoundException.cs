namespace PgDurable;

/// <summary>There is no instance with this id that the connected role may see.</summary>
/// <param name="instanceId">The id that was looked for.</param>
/// <param name="innerException">The error of the database.</param>
public sealed class WorkflowNotFoundException(string instanceId, Exception? innerException = null) : Exception(
    $"Workflow instance '{instanceId}' was not found: the id is wrong, the instance belongs to another role, it was pruned, or the " +
    "transaction that started it has not committed.",
    innerException)
{
    /// <summary>The id that was looked for.</summary>
    public string InstanceId { get; } = instanceId;
}

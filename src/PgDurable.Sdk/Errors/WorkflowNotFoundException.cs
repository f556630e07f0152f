namespace PgDurable;

/// <summary>Thrown when no instance with this id exists, or the connected role can't see it.</summary>
/// <param name="instanceId">The id that wasn't found.</param>
/// <param name="innerException">The database error.</param>
public sealed class WorkflowNotFoundException(string instanceId, Exception? innerException = null) : Exception(
    $"Workflow instance '{instanceId}' was not found: the id is wrong, the instance belongs to another role, it was pruned, or the " +
    "transaction that started it hasn't committed.",
    innerException)
{
    /// <summary>The id that wasn't found.</summary>
    public string InstanceId { get; } = instanceId;
}

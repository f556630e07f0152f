namespace PgDurable;

/// <summary>Thrown when a workflow version is already registered with a different graph.</summary>
/// <param name="workflow">The workflow's name.</param>
/// <param name="version">The version.</param>
/// <param name="innerException">The database error.</param>
public sealed class WorkflowChangedException(string workflow, int version, Exception? innerException = null) : InvalidOperationException(
    $"Workflow '{workflow}' version {version} is already registered with a different graph. A version can't change, because running " +
    $"instances continue with it. Increment the version, [Workflow(\"{workflow}\", Version = {version + 1})], or revert the change. " +
    "Nothing was registered.",
    innerException)
{
    /// <summary>The workflow's name.</summary>
    public string Workflow { get; } = workflow;

    /// <summary>The version.</summary>
    public int Version { get; } = version;
}

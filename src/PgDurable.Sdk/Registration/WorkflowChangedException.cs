namespace PgDurable;

/// <summary>A version of a workflow is registered with another graph than the one that is to be registered now.</summary>
/// <param name="workflow">The workflow's name.</param>
/// <param name="version">The version.</param>
/// <param name="innerException">The error of the database.</param>
public sealed class WorkflowChangedException(string workflow, int version, Exception? innerException = null) : InvalidOperationException(
    $"Workflow '{workflow}' version {version} is registered with another graph. A version never changes, because its instances go on with it. Give the changed " +
    $"workflow the next version, [Workflow(\"{workflow}\", Version = {version + 1})], or take the change back. Nothing was registered.",
    innerException)
{
    /// <summary>The workflow's name.</summary>
    public string Workflow { get; } = workflow;

    /// <summary>The version.</summary>
    public int Version { get; } = version;
}

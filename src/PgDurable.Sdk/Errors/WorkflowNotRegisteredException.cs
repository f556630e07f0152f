namespace PgDurable;

/// <summary>Thrown when the connected role hasn't registered a workflow with this name, or not this version of it.</summary>
/// <param name="workflow">The workflow's name.</param>
/// <param name="version">The requested version, or null for the newest.</param>
/// <param name="innerException">The database error.</param>
public sealed class WorkflowNotRegisteredException(string workflow, int? version = null, Exception? innerException = null) : Exception(
    $"Workflow '{workflow}'{(version is null ? "" : $" version {version}")} is not registered by the connected role. Register it when " +
    "you deploy, as the role that starts it: call PgDurableRegistration.RegisterAsync or run `pgdurable register`.",
    innerException)
{
    /// <summary>The workflow's name.</summary>
    public string Workflow { get; } = workflow;

    /// <summary>The requested version, or null for the newest.</summary>
    public int? Version { get; } = version;
}

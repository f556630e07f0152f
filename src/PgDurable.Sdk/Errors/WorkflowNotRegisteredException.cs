namespace PgDurable;

/// <summary>The connected role has no registered workflow of this name, or not this version of it.</summary>
/// <param name="workflow">The workflow's name.</param>
/// <param name="version">The version that was asked for; null for the newest.</param>
/// <param name="innerException">The error of the database.</param>
public sealed class WorkflowNotRegisteredException(string workflow, int? version = null, Exception? innerException = null) : Exception(
    $"Workflow '{workflow}'{(version is null ? "" : $" version {version}")} is not registered by the connected role. Register it when you deploy: " +
    "PgDurableRegistration.RegisterAsync, or `pgdurable register`, as the role that starts it.",
    innerException)
{
    /// <summary>The workflow's name.</summary>
    public string Workflow { get; } = workflow;

    /// <summary>The version that was asked for; null for the newest.</summary>
    public int? Version { get; } = version;
}

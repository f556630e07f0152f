namespace PgDurable;

/// <summary>Marks a partial class as a workflow: its <c>Define</c> is lowered to a graph while the project compiles.</summary>
/// <remarks>
/// The class implements <see cref="IWorkflow{TIn}"/> or <see cref="IWorkflow{TIn, TOut}"/>. The generator adds a static
/// <c>Definition</c> and a static <c>StartAsync</c> to it.
/// </remarks>
/// <param name="name">The name in the database: a lower-case letter, then lower-case letters, digits and hyphens.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkflowAttribute(string name) : Attribute
{
    /// <summary>The name in the database.</summary>
    public string Name { get; } = name;

    /// <summary>The version of the definition, from 1. A changed workflow is a new version; running instances keep theirs.</summary>
    public int Version { get; set; } = 1;

    /// <summary>What <c>df.workflows</c> says of it; null is nothing.</summary>
    public string? Description { get; set; }
}

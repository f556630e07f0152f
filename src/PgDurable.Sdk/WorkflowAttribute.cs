namespace PgDurable;

/// <summary>Marks a partial class as a workflow: the generator turns its <c>Define</c> into a graph at compile time.</summary>
/// <remarks>
/// The class implements <see cref="IWorkflow{TIn}"/> or <see cref="IWorkflow{TIn, TOut}"/>. The generator adds a static <c>Definition</c>
/// and a static <c>StartAsync</c> to it.
/// </remarks>
/// <param name="name">The name in the database: a lowercase letter, followed by lowercase letters, digits and hyphens.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkflowAttribute(string name) : Attribute
{
    /// <summary>The name in the database.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The version of the definition, starting at 1. Increment it whenever the workflow changes; running instances keep their version.
    /// </summary>
    public int Version { get; set; } = 1;

    /// <summary>The description that <c>df.workflows</c> shows, or null for none.</summary>
    public string? Description { get; set; }

    /// <summary>What happens to completed steps when an instance is canceled. <c>df.terminate</c> ends an instance without that.</summary>
    public OnCancel OnCancel { get; set; } = OnCancel.Stop;
}

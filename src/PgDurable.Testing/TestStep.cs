using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Testing;

/// <summary>A step that the test answers.</summary>
public sealed record TestStep
{
    /// <summary>
    /// The name of its result, or else an activity's name, the beginning of its SQL (at most 60 characters), or its kind.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The name of the workflow that it belongs to. Empty for a graph without a name.</summary>
    public required string Workflow { get; init; }

    /// <summary>The kind of node.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>The node's number in pre-order (left, right, condition, further branches), starting at 0.</summary>
    public required int Node { get; init; }

    /// <summary>The loop iterations, items and attempts that enclose it, as in <c>df.history</c>. Empty if there are none.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The statement as it is sent to the server, with values in place of references. Empty if the step isn't a statement.
    /// </summary>
    public required string Sql { get; init; }

    /// <summary>The input of an activity as JSON, or null if the step isn't an activity.</summary>
    public string? InputJson { get; init; }

    /// <summary>What an activity knows about its step, or null if the step isn't an activity.</summary>
    public ActivityContext? ActivityContext { get; init; }

    /// <summary>
    /// How often the step has run in this test, including this run. Retries, loop iterations and repetitions after a crash count.
    /// </summary>
    public required int Attempt { get; init; }

    /// <summary>The virtual time since the start.</summary>
    public required TimeSpan At { get; init; }

    internal Node Definition { get; init; } = null!;

    /// <summary>The statement in all its forms, or null if the step isn't a statement.</summary>
    internal SubstitutedSql? Statement { get; init; }
}

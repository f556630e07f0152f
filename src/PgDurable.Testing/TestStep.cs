using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Testing;

/// <summary>A step that asks the test for its answer.</summary>
public sealed record TestStep
{
    /// <summary>The name of its result, or else how its SQL begins (at most 60 characters), or its kind.</summary>
    public required string Name { get; init; }

    /// <summary>The workflow that it belongs to; empty for a graph without a name.</summary>
    public required string Workflow { get; init; }

    /// <summary>What kind of node it is.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>Its node's number, from 0 in pre-order: left, right, condition, further branches.</summary>
    public required int Node { get; init; }

    /// <summary>The loop iterations, items and attempts above it, as in <c>df.history</c>; empty outside of them.</summary>
    public required string Path { get; init; }

    /// <summary>The statement as it is sent to the server, with values in the place of references; empty for a step that is none.</summary>
    public required string Sql { get; init; }

    /// <summary>Which run of the step in this test this is, from 1: retries, loops and repetitions after a crash count.</summary>
    public required int Attempt { get; init; }

    /// <summary>Virtual time since the start.</summary>
    public required TimeSpan At { get; init; }

    internal Node Definition { get; init; } = null!;

    /// <summary>The statement in all its forms; null for a step that is none.</summary>
    internal SubstitutedSql? Statement { get; init; }
}

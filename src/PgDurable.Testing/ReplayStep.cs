using PgDurable.Graph;

namespace PgDurable.Testing;

/// <summary>One step of a recorded history, with what it saw.</summary>
public sealed record ReplayStep
{
    /// <summary>Its place in the order in which the engine took the ends of steps and waits.</summary>
    public required int Seq { get; init; }

    /// <summary>The node's number, from 0 in pre-order.</summary>
    public required int Node { get; init; }

    /// <summary>The name of its result, or else how its SQL begins, or its kind.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of node it is. A LOOP here is the end of a round: what went on to the next one.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>The loop iterations, items and attempts above it; empty outside of them.</summary>
    public required string Path { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its end was recorded.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>The statement as it ran, with values in the place of references; null for a node that is none, or that never ran.</summary>
    public required string? Sql { get; init; }

    /// <summary>The named results as it saw them, as JSON; <c>input</c> is among them.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    /// <summary>Its result as JSON; null when it failed.</summary>
    public required string? ResultJson { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public required TestError? Error { get; init; }

    /// <summary>Nobody waited for it any more when it was recorded: the loser of a race, for example.</summary>
    public required bool IsLate { get; init; }

    /// <summary>One line: number, name, result or error.</summary>
    public override string ToString() =>
        $"{Seq} {Name}{(Path.Length == 0 ? "" : $" [{Path}]")} {(Error is null ? "→ " + Running.RunLog.Short(ResultJson ?? "") : $"✗ {Error.SqlState} {Error.Message}")}";
}

using PgDurable.Graph;

namespace PgDurable.Testing;

/// <summary>A step of a recorded history, with the data that it saw.</summary>
public sealed record ReplayStep
{
    /// <summary>The position in the order in which the engine processed the ends of steps and waits.</summary>
    public required int Seq { get; init; }

    /// <summary>The node's number in pre-order, starting at 0.</summary>
    public required int Node { get; init; }

    /// <summary>The name of its result, or else an activity's name, the beginning of its SQL, or its kind.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of node. A LOOP is the end of an iteration: its result is what was carried into the next one.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>The loop iterations, items and attempts that enclose it. Empty if there are none.</summary>
    public required string Path { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its end was recorded.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>The statement as it ran, with values in place of references. Null if the node isn't a statement or never ran.</summary>
    public required string? Sql { get; init; }

    /// <summary>The named results that it saw, as JSON, including <c>input</c>.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    /// <summary>Its result as JSON, or null if it failed.</summary>
    public required string? ResultJson { get; init; }

    /// <summary>The error, or null if it didn't fail.</summary>
    public required TestError? Error { get; init; }

    /// <summary>Whether it was recorded when nothing waited for it anymore, such as the loser of a race.</summary>
    public required bool IsLate { get; init; }

    /// <summary>Returns one line with number, name, and result or error.</summary>
    public override string ToString()
    {
        var end = Error is null ? "→ " + Running.RunLog.Short(ResultJson ?? "") : $"✗ {Error.SqlState} {Error.Message}";
        return $"{Seq} {Name}{(Path.Length == 0 ? "" : $" [{Path}]")} {end}";
    }
}

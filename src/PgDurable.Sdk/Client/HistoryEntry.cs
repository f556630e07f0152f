namespace PgDurable;

/// <summary>An entry of an instance's history: a finished execution of a step or wait, or a finished loop iteration.</summary>
/// <param name="Node">The node's id in <c>df.nodes</c>.</param>
/// <param name="Step">The name of the step's result, or the beginning of its SQL.</param>
/// <param name="Path">The loop iterations, attempts and items that enclose the node. Empty if there are none.</param>
/// <param name="Iteration">The iteration of the innermost loop, or null outside of loops.</param>
/// <param name="Attempt">The attempt, starting at 1.</param>
/// <param name="Failed">Whether it failed.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="FinishedAt">When it was recorded, just before the commit.</param>
/// <param name="Rows">The number of rows that a SQL step returned or changed, or null for other steps.</param>
/// <param name="Error">The error message, or null if it didn't fail.</param>
/// <param name="Worker">The number of the worker that ran it.</param>
/// <param name="Source">The step's source location (C# file and line), or null if it is unknown.</param>
public sealed record HistoryEntry(
    string Node,
    string Step,
    string Path,
    long? Iteration,
    int Attempt,
    bool Failed,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    long? Rows,
    string? Error,
    int Worker,
    string? Source)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Duration => FinishedAt - StartedAt;
}

namespace PgDurable;

/// <summary>One thing that an instance did: a finished execution of a step or a wait, or an iteration of a loop that is over.</summary>
/// <param name="Node">The node's id in <c>df.nodes</c>.</param>
/// <param name="Step">The name of the step's result, or the beginning of its SQL.</param>
/// <param name="Path">The loop iterations, attempts and items above it; empty outside of them.</param>
/// <param name="Iteration">Which iteration of the innermost loop it belongs to; null outside of loops.</param>
/// <param name="Attempt">Which attempt it was, from 1.</param>
/// <param name="Failed">Whether it failed.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it was recorded, just before its commit.</param>
/// <param name="Rows">The rows that a SQL step returned or changed; null for everything else.</param>
/// <param name="Error">The message of its error; null when it did not fail.</param>
/// <param name="Worker">Number of the worker that had it.</param>
/// <param name="Source">The C# file and line that the step comes from; null when they are not known.</param>
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

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What undoes a completed step.</summary>
/// <param name="Node">The node that undoes it.</param>
/// <param name="Path">The path of the step.</param>
/// <param name="At">When the step completed.</param>
/// <param name="Names">The names as they were when the step completed.</param>
internal sealed record UndoEntry(int Node, string Path, DateTimeOffset At, ImmutableDictionary<string, StepResult> Names);

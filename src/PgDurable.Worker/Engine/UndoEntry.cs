using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What takes back a step that has completed.</summary>
/// <param name="Node">The node that does.</param>
/// <param name="Path">The path of the step.</param>
/// <param name="At">When the step completed.</param>
/// <param name="Names">The names as they were when the step completed.</param>
internal sealed record UndoEntry(int Node, string Path, DateTimeOffset At, ImmutableDictionary<string, StepResult> Names);

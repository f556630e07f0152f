namespace PgDurable.Worker.Engine;

/// <summary>
/// A loop's iteration has ended: the state that goes on can replace what it recorded. It takes the place of the input that ended the
/// iteration, even if others were recorded since.
/// </summary>
/// <param name="Iteration">The loop's node, with the path of the iteration.</param>
/// <param name="State">What goes on, as the result of that execution.</param>
/// <param name="FirstNode">The first node of the loop's body and condition.</param>
/// <param name="LastNode">The last one.</param>
/// <param name="DropPath">The path of an iteration so old that its carried state is no longer kept; null if there is none.</param>
internal sealed record Carry(ExecutionKey Iteration, StepResult State, int FirstNode, int LastNode, string? DropPath);

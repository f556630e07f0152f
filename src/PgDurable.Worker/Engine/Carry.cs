namespace PgDurable.Worker.Engine;

/// <summary>
/// A loop's iteration has ended: what it recorded can be replaced by the state that goes on. That takes the place of the input which the iteration ended with, also when others have
/// been recorded since.
/// </summary>
/// <param name="Iteration">The loop's node, with the path of the iteration.</param>
/// <param name="State">What goes on, as the result of that execution.</param>
/// <param name="FirstNode">The first node of the loop's body and condition.</param>
/// <param name="LastNode">The last one.</param>
/// <param name="DropPath">Path of an iteration so old that its carried state is not kept any longer; NULL if there is none.</param>
internal sealed record Carry(ExecutionKey Iteration, StepResult State, int FirstNode, int LastNode, string? DropPath);

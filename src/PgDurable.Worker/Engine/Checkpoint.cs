namespace PgDurable.Worker.Engine;

/// <summary>A recorded, successful execution of a step.</summary>
/// <param name="Execution">Which execution.</param>
/// <param name="Result">Its result.</param>
internal sealed record Checkpoint(ExecutionKey Execution, StepResult Result);

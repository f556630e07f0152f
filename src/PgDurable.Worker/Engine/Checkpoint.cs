namespace PgDurable.Worker.Engine;

/// <summary>One input of the engine: the recorded end of an execution, or of a wait. One of result and error is there.</summary>
/// <param name="Execution">Which execution.</param>
/// <param name="At">When, by the database's clock.</param>
/// <param name="Result">The result, if it succeeded.</param>
/// <param name="Error">The error, if it failed.</param>
/// <param name="Attempt">Which attempt this was, from 1.</param>
internal sealed record Checkpoint(ExecutionKey Execution, DateTimeOffset At, StepResult? Result, StepError? Error, int Attempt);

namespace PgDurable.Worker.Engine;

/// <summary>One input of the engine: the recorded end of an execution or of a wait. It has either a result or an error.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="At">When, by the database's clock.</param>
/// <param name="Result">The result, if it succeeded.</param>
/// <param name="Error">The error, if it failed.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
internal sealed record Checkpoint(ExecutionKey Execution, DateTimeOffset At, StepResult? Result, StepError? Error, int Attempt);

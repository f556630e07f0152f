using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>A row of <c>df.checkpoints</c>.</summary>
/// <param name="Execution">Which execution.</param>
/// <param name="Seq">Its place among the inputs that the engine took.</param>
/// <param name="Attempt">Which attempt it was, from 1.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Result">Its result; NULL when it failed.</param>
/// <param name="ErrorJson">Its error; NULL when it did not fail.</param>
internal sealed record StoredCheckpoint(
    ExecutionKey Execution, int Seq, int Attempt, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, StepResult? Result, string? ErrorJson);

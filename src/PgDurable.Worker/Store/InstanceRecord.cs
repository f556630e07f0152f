using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>What is recorded of one instance: all of it or nothing.</summary>
/// <param name="InstanceNo">The instance.</param>
/// <param name="Checkpoints">Ends of executions, in the order of their numbers.</param>
/// <param name="Carry">The iteration whose state the first checkpoint carries over; <c>null</c> if it carries none.</param>
/// <param name="TakenSignals">Signals that the checkpoints have used up.</param>
/// <param name="Outcome">How the instance ended; <c>null</c> if it has not.</param>
internal sealed record InstanceRecord(
    long InstanceNo, IReadOnlyList<CheckpointRecord> Checkpoints, Carry? Carry, IReadOnlyList<long> TakenSignals, OutcomeRecord? Outcome)
{
    /// <summary>Tasks to make, unless they exist already.</summary>
    public IReadOnlyList<TaskRecord> StartedTasks { get; init; } = [];

    /// <summary>Tasks that are no longer wanted, or whose ends the checkpoints have taken.</summary>
    public IReadOnlyList<ExecutionKey> EndedTasks { get; init; } = [];

    /// <summary>Tasks whose time is up. Nothing is recorded if one of them has ended, or if somebody is about to end it.</summary>
    public IReadOnlyList<ExecutionKey> ExpiredTasks { get; init; } = [];
}

/// <summary>The row of a task.</summary>
/// <param name="Task">The task.</param>
/// <param name="KeyPath">The path that its idempotency key is made of: the same in every attempt.</param>
internal sealed record TaskRecord(Command.StartTask Task, string KeyPath);

/// <summary>The row of an execution's end.</summary>
internal sealed record CheckpointRecord(
    ExecutionKey Execution, int Seq, int Attempt, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, string? ResultJson,
    string? ColumnsJson, string? ErrorJson);

/// <summary>The row of an instance's end: with an error it failed.</summary>
internal sealed record OutcomeRecord(ExecutionKey? Source, string? ResultJson, string? Error)
{
    /// <summary>Whether the failure is the end of an instance that was canceled and has undone its steps.</summary>
    public bool IsCanceled { get; init; }
}

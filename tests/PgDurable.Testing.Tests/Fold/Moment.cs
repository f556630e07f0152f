using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Tests.Fold;

/// <summary>One moment of an instance: what was recorded since the previous one, and what the engine knows.</summary>
/// <param name="Gone">Rows that were removed.</param>
/// <param name="New">Rows that were added.</param>
/// <param name="Ends">How executions have ended.</param>
/// <param name="Open">Executions that have begun, and neither ended nor been stopped.</param>
/// <param name="Refused">Of these, those whose failure is known but not on record yet.</param>
/// <param name="ForEachs">Of these, the FOREACHs.</param>
/// <param name="Stopped">Executions that something above them has stopped.</param>
/// <param name="Outcome">How the instance has ended; null while it runs.</param>
internal sealed record Moment(
    IReadOnlyList<ExecutionKey> Gone,
    IReadOnlyList<Record> New,
    IReadOnlyDictionary<ExecutionKey, End> Ends,
    IReadOnlySet<ExecutionKey> Open,
    IReadOnlyList<Frame> Refused,
    IReadOnlyList<Frame> ForEachs,
    IReadOnlySet<ExecutionKey> Stopped,
    Outcome? Outcome);

/// <summary>A row of df.checkpoints.</summary>
internal sealed record Record(int Seq, Checkpoint Input);

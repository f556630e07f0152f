using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>What is recorded of a step in its own transaction.</summary>
/// <param name="WorkerId">The worker that ran it.</param>
/// <param name="InstanceNo">Its instance.</param>
/// <param name="Seq">The number of its checkpoint.</param>
/// <param name="Checkpoint">Its checkpoint.</param>
/// <param name="Completes">The instance's outcome, if this was its last step.</param>
internal readonly record struct CommittedStep(int WorkerId, long InstanceNo, int Seq, Checkpoint Checkpoint, Outcome.Completed? Completes)
{
    /// <summary>The instance's result, if that differs from the step's.</summary>
    public string? OutcomeJson => Completes is { } completed && completed.Source != Checkpoint.Execution ? completed.Result.Json : null;
}

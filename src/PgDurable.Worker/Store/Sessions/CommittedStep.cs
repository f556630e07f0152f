using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>What is recorded of a step in its own transaction.</summary>
/// <param name="WorkerId">The worker that ran it.</param>
/// <param name="InstanceNo">Its instance.</param>
/// <param name="Deciding">Its checkpoint.</param>
/// <param name="Completes">The instance's outcome, when this was its last step.</param>
internal sealed record CommittedStep(int WorkerId, long InstanceNo, Deciding Deciding, Outcome.Completed? Completes)
{
    /// <summary>The instance's result, when it is not that of the step.</summary>
    public string? OutcomeJson => Completes is { } completed && completed.Source != Deciding.Input.Execution ? completed.Result.Json : null;
}

using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Instances;

/// <summary>What follows from a step that has run and is about to be committed.</summary>
/// <param name="Seq">The number of its checkpoint.</param>
/// <param name="Input">Its checkpoint.</param>
/// <param name="Decision">
/// What the engine decided; <c>null</c> if other things are under way, and the engine decides after the commit.
/// </param>
/// <param name="Next">The instance's next statement, if the decision is nothing else.</param>
internal sealed record StepDecision(int Seq, Checkpoint Input, Decision? Decision, StepWork? Next)
{
    /// <summary>The outcome, if the instance completes with this step.</summary>
    public Outcome.Completed? Completes => Decision?.Outcome as Outcome.Completed;
}

using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Instances;

/// <summary>A step that has run and is about to be committed.</summary>
/// <param name="Seq">The number of its checkpoint.</param>
/// <param name="Input">Its checkpoint.</param>
/// <param name="Decision">What follows from it, when it is the only thing under way; NULL when that is found out after the commit.</param>
/// <param name="Next">The instance's next statement, if that is all that follows.</param>
internal sealed record Deciding(int Seq, Checkpoint Input, Decision? Decision, StepWork? Next)
{
    /// <summary>The instance completes with this step.</summary>
    public Outcome.Completed? Completes => Decision?.Outcome as Outcome.Completed;
}

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What a loop remembers.</summary>
/// <param name="names">The names as they were when the loop began.</param>
internal sealed class LoopMemory(ImmutableDictionary<string, StepResult> names) : ICollectsResults
{
    public ImmutableDictionary<string, StepResult> NamesBefore => names;

    public int Iteration { get; set; }

    public DateTimeOffset BeganAt { get; set; }

    /// <summary>The number of inputs of the instance when the iteration began.</summary>
    public long InputsBefore { get; set; }

    /// <summary>Whether a signal came in this iteration.</summary>
    public bool HasWaited { get; set; }

    /// <summary>Whether a signal came in any iteration: the loops around this one need to know.</summary>
    public bool HasEverWaited { get; set; }

    public IEnumerable<StepResult> Results => Result is null ? [.. names.Values] : [.. names.Values, Result.Result];

    /// <summary>How the body ended in this iteration.</summary>
    public End.Completed? Result { get; set; }

    /// <summary>In a loop that continues on failure: the undos of this iteration's completed steps.</summary>
    public UndoStack Undos { get; } = new();

    /// <summary>Whether the iteration has failed, and its steps are being undone.</summary>
    public bool IsUndoing { get; set; }

    /// <summary>How many iterations have failed.</summary>
    public int FailedIterations { get; set; }

    /// <summary>Why the last of them failed.</summary>
    public IterationError? LastError { get; set; }
}

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What a loop remembers.</summary>
/// <param name="names">The names as they were when it began.</param>
internal sealed class LoopMemory(ImmutableDictionary<string, StepResult> names) : ICollectsResults
{
    public ImmutableDictionary<string, StepResult> NamesBefore => names;

    public int Iteration { get; set; }

    public DateTimeOffset BeganAt { get; set; }

    /// <summary>Inputs of the instance when the iteration began.</summary>
    public long InputsBefore { get; set; }

    /// <summary>A signal came in this iteration.</summary>
    public bool HasWaited { get; set; }

    /// <summary>The same, in any iteration: the loops around this one need to know.</summary>
    public bool HasEverWaited { get; set; }

    public IEnumerable<StepResult> Results => Result is null ? [.. names.Values] : [.. names.Values, Result.Result];

    /// <summary>How the body ended.</summary>
    public End.Completed? Result { get; set; }
}

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What a loop remembers.</summary>
/// <param name="names">The names as they were when it began.</param>
internal sealed class LoopMemory(ImmutableDictionary<string, StepResult> names)
{
    public ImmutableDictionary<string, StepResult> NamesBefore => names;

    public int Iteration { get; set; }

    public DateTimeOffset BeganAt { get; set; }

    /// <summary>Inputs of the instance when the iteration began.</summary>
    public long InputsBefore { get; set; }

    /// <summary>A sleep, a schedule or a signal was waited for in this iteration.</summary>
    public bool HasWaited { get; set; }

    /// <summary>The same, in any iteration: the loops around this one need to know.</summary>
    public bool HasEverWaited { get; set; }

    /// <summary>How the body ended.</summary>
    public End.Completed? Result { get; set; }
}

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What follows from an input.</summary>
/// <param name="Commands">What to do, in a defined order; empty at the end.</param>
/// <param name="Stopped">Commands that are no longer wanted.</param>
/// <param name="Carries">Loop iterations that can be forgotten.</param>
/// <param name="Outcome">How the instance ended; null while it goes on.</param>
internal sealed record Decision(
    ImmutableArray<Command> Commands, ImmutableArray<ExecutionKey> Stopped, ImmutableArray<Carry> Carries, Outcome? Outcome);

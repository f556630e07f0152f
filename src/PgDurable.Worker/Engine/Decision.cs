using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What follows from an input: steps to run, or the end of the instance.</summary>
/// <param name="Commands">New steps to run, in a defined order; empty at the end.</param>
/// <param name="Outcome">How the instance ended; NULL while it goes on.</param>
internal sealed record Decision(ImmutableArray<Command> Commands, Outcome? Outcome);

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>A failure on its way up the graph.</summary>
/// <param name="Error">The error, with what enclosing nodes have added to its message.</param>
/// <param name="Origin">The execution that failed.</param>
/// <param name="Attempts">How often it was attempted.</param>
/// <param name="Steps">The failed executions that would have to be run again for the failure to go away.</param>
internal sealed record Failure(StepError Error, ExecutionKey Origin, int Attempts, ImmutableArray<ExecutionKey> Steps)
{
    public Failure Within(string prefix) => this with { Error = Error with { Message = prefix + Error.Message } };
}

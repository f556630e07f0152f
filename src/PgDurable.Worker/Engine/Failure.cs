using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>A failure on its way up the graph.</summary>
/// <param name="Error">The error, with what enclosing nodes added to its message.</param>
/// <param name="Origin">The execution that failed.</param>
/// <param name="Attempts">The number of attempts.</param>
/// <param name="Steps">The failed executions that would have to run again for the failure to go away.</param>
internal sealed record Failure(StepError Error, ExecutionKey Origin, int Attempts, ImmutableArray<ExecutionKey> Steps)
{
    public Failure Within(string prefix) => this with { Error = Error with { Message = prefix + Error.Message } };
}

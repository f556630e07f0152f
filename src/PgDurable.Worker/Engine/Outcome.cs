using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>How an instance ended.</summary>
internal abstract record Outcome
{
    private Outcome() { }

    /// <summary>It completed.</summary>
    /// <param name="Source">The execution whose checkpoint holds the result; NULL when none does.</param>
    /// <param name="Result">The result.</param>
    public sealed record Completed(ExecutionKey? Source, StepResult Result) : Outcome;

    /// <summary>It failed.</summary>
    /// <param name="Origin">Where; NULL when before any node.</param>
    /// <param name="Error">Why.</param>
    /// <param name="FailedSteps">The failed executions that are to be run again when the instance is retried.</param>
    public sealed record Failed(ExecutionKey? Origin, StepError Error, ImmutableArray<ExecutionKey> FailedSteps) : Outcome;
}

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>How an instance ended.</summary>
internal abstract record Outcome
{
    private Outcome() { }

    /// <summary>It completed.</summary>
    /// <param name="Source">The execution whose checkpoint holds the result; null if there is none.</param>
    /// <param name="Result">The result.</param>
    public sealed record Completed(ExecutionKey? Source, StepResult Result) : Outcome;

    /// <summary>It failed.</summary>
    /// <param name="Origin">The execution that failed; null if the instance failed before any node ran.</param>
    /// <param name="Error">Why.</param>
    /// <param name="FailedSteps">The failed executions to run again when the instance is retried.</param>
    public sealed record Failed(ExecutionKey? Origin, StepError Error, ImmutableArray<ExecutionKey> FailedSteps) : Outcome;
}

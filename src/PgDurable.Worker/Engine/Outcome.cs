namespace PgDurable.Worker.Engine;

/// <summary>How an instance ended.</summary>
internal abstract record Outcome
{
    private Outcome() { }

    /// <summary>It completed; its result is that of <paramref name="Execution"/>.</summary>
    public sealed record Completed(ExecutionKey Execution) : Outcome;

    /// <summary>It failed at <paramref name="Execution"/>.</summary>
    public sealed record Failed(ExecutionKey Execution, StepError Error) : Outcome;
}

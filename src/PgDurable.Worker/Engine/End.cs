namespace PgDurable.Worker.Engine;

/// <summary>How an execution of a node ended.</summary>
internal abstract record End
{
    private End() { }

    /// <param name="Result">The result.</param>
    /// <param name="Source">The execution whose checkpoint holds it; null if there is none.</param>
    public sealed record Completed(StepResult Result, ExecutionKey? Source) : End;

    /// <param name="Failure">Why.</param>
    public sealed record Failed(Failure Failure) : End;

    /// <summary>A break on its way to the innermost loop.</summary>
    /// <param name="Value">The break's value.</param>
    public sealed record Broken(StepResult Value) : End;
}

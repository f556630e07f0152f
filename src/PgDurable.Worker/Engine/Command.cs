using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine;

/// <summary>Something that the engine wants done. A <see cref="Checkpoint"/> of the same execution reports its end.</summary>
/// <param name="Execution">The execution that the end belongs to.</param>
internal abstract record Command(ExecutionKey Execution)
{
    /// <summary>Run a statement.</summary>
    /// <param name="Execution">The execution that the result belongs to.</param>
    /// <param name="Statement">The statement, with references replaced by values.</param>
    public sealed record RunSql(ExecutionKey Execution, SubstitutedSql Statement) : Command(Execution)
    {
        /// <summary>The statement, with literals.</summary>
        public string Sql => Statement.Text;
    }

    /// <summary>Send an HTTP request.</summary>
    /// <param name="Execution">The execution that the response belongs to.</param>
    /// <param name="Call">The request.</param>
    public sealed record SendHttp(ExecutionKey Execution, HttpCall Call) : Command(Execution);

    /// <summary>Wait for a moment or a signal, whichever comes first.</summary>
    /// <param name="Execution">The execution that ends with the wait.</param>
    /// <param name="Kind">The kind of node that waits, as users read it.</param>
    /// <param name="Until">The moment, by the database's clock; null means forever.</param>
    /// <param name="Signal">The signal's name; null if only time counts.</param>
    /// <param name="WhenDue">The result if the moment comes first.</param>
    /// <param name="Carry">What can be forgotten when the wait ends.</param>
    public sealed record Wait(ExecutionKey Execution, string Kind, DateTimeOffset? Until, string? Signal, StepResult WhenDue, Carry? Carry)
        : Command(Execution)
    {
        /// <summary>The name that users read: of the signal, the child's workflow or the activity.</summary>
        public string? Name { get; init; } = Signal;
    }

    /// <summary>Start a registered workflow, and wait for its end.</summary>
    /// <param name="Execution">The execution that ends with the child.</param>
    /// <param name="Workflow">Its name.</param>
    /// <param name="Version">Its version; null means the newest.</param>
    /// <param name="InputJson">Its input.</param>
    public sealed record StartChild(ExecutionKey Execution, string Workflow, int? Version, string? InputJson) : Command(Execution);

    /// <summary>Make a task for the application's code, and wait for its end.</summary>
    /// <param name="Execution">The execution that ends with the task.</param>
    /// <param name="Name">The activity's name.</param>
    /// <param name="Queue">The queue; null is the default queue.</param>
    /// <param name="InputJson">Its input.</param>
    /// <param name="Attempt">The attempt of an enclosing retry; 1 without one.</param>
    /// <param name="Deadline">When the first of the enclosing timeouts ends it; null without one.</param>
    public sealed record StartTask(
        ExecutionKey Execution, string Name, string? Queue, string InputJson, int Attempt, DateTimeOffset? Deadline) : Command(Execution);

    /// <summary>Record that the execution failed before anything ran.</summary>
    /// <param name="Execution">The execution.</param>
    /// <param name="Error">Why.</param>
    public sealed record Refuse(ExecutionKey Execution, StepError Error) : Command(Execution);
}

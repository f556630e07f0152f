using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Running;

/// <summary>The outcome of a step.</summary>
internal abstract record StepAnswer
{
    private StepAnswer() { }

    /// <summary>The step completed with a result.</summary>
    public sealed record Completed(StepResult Result) : StepAnswer
    {
        /// <summary>Whether the step needs no database.</summary>
        public bool IsComputed { get; init; }
    }

    /// <summary>The step failed.</summary>
    public sealed record Failed(StepError Error) : StepAnswer;

    /// <summary>The step started a child workflow and ends with it.</summary>
    public sealed record Started(ChildWorkflow Child) : StepAnswer;
}

/// <summary>A workflow that another workflow calls.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Version">The version, or null if it has none.</param>
/// <param name="GraphJson">The graph as JSON.</param>
internal sealed record ChildWorkflow(string Name, int? Version, string GraphJson);

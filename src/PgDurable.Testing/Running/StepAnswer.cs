using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Running;

/// <summary>How a step ends.</summary>
internal abstract record StepAnswer
{
    private StepAnswer() { }

    /// <summary>With a result.</summary>
    public sealed record Completed(StepResult Result) : StepAnswer;

    /// <summary>With an error.</summary>
    public sealed record Failed(StepError Error) : StepAnswer;

    /// <summary>When a workflow of its own has ended.</summary>
    public sealed record Started(ChildWorkflow Child) : StepAnswer;
}

/// <summary>A workflow that runs as a step of another one.</summary>
/// <param name="Name">Its registered name.</param>
/// <param name="Version">Its version; null when it has none.</param>
/// <param name="GraphJson">Its graph.</param>
internal sealed record ChildWorkflow(string Name, int? Version, string GraphJson);

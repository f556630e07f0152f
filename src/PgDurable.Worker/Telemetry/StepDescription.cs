using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Telemetry;

/// <summary>What telemetry may know about a step.</summary>
/// <param name="Kind">The type of its node, such as SQL or HTTP.</param>
/// <param name="InstanceId">The instance's id, as users know it.</param>
/// <param name="Workflow">The workflow's registered name; <c>null</c> for an ad-hoc graph.</param>
/// <param name="Name">The step's name; <c>null</c> if it has none.</param>
/// <param name="Execution">The execution of the step.</param>
/// <param name="Attempt">The attempt of an enclosing retry; 1 without one.</param>
internal readonly record struct StepDescription(
    string Kind, string InstanceId, string? Workflow, string? Name, ExecutionKey Execution, int Attempt)
{
    /// <summary>The trace that the instance's start belongs to, as it was recorded.</summary>
    public string? TraceParent { get; init; }
}

using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Telemetry;

/// <summary>What telemetry may know of a step.</summary>
/// <param name="Kind">The type of its node, such as SQL or HTTP.</param>
/// <param name="InstanceId">As users know it.</param>
/// <param name="Workflow">Its registered name; null for an ad-hoc graph.</param>
/// <param name="Name">The step's name; null when it has none.</param>
/// <param name="Execution">Which execution.</param>
/// <param name="Attempt">Which attempt of an enclosing retry; 1 without.</param>
internal readonly record struct StepDescription(
    string Kind, string InstanceId, string? Workflow, string? Name, ExecutionKey Execution, int Attempt);

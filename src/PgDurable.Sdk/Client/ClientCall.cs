namespace PgDurable;

/// <summary>Describes a call, for errors and telemetry.</summary>
/// <param name="Operation">One of the operations of <see cref="ClientTelemetry"/>.</param>
/// <param name="InstanceId">The instance's id, or null for a start.</param>
/// <param name="Workflow">The workflow's name, or null if there is none.</param>
/// <param name="Version">The requested version, or null for the newest.</param>
internal readonly record struct ClientCall(string Operation, string? InstanceId = null, string? Workflow = null, int? Version = null);

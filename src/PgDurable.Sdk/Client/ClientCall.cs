namespace PgDurable;

/// <summary>What a call is about, for errors and telemetry.</summary>
/// <param name="Operation">One of the operations of <see cref="ClientTelemetry"/>.</param>
/// <param name="InstanceId">The instance; null for a start.</param>
/// <param name="Workflow">The workflow's name; null when there is none.</param>
/// <param name="Version">The version that was asked for.</param>
internal readonly record struct ClientCall(string Operation, string? InstanceId = null, string? Workflow = null, int? Version = null);

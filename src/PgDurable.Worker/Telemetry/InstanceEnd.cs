namespace PgDurable.Worker.Telemetry;

/// <summary>How an instance left the worker for good.</summary>
internal enum InstanceEnd
{
    Completed,
    Failed,
    Cancelled,
}

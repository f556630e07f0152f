namespace PgDurable.Worker.Telemetry;

/// <summary>Names that dashboards rely on. Changing one breaks them.</summary>
/// <remarks>Names from OpenTelemetry's semantic conventions are used unchanged. Our own start with <c>pgdurable.</c></remarks>
internal static class TelemetryNames
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Source = "PgDurable.Worker";

    public const string Steps = "pgdurable.worker.steps";
    public const string StepDuration = "pgdurable.worker.step.duration";
    public const string StepsInFlight = "pgdurable.worker.steps.in_flight";
    public const string Instances = "pgdurable.worker.instances";
    public const string Claims = "pgdurable.worker.claims";
    public const string Parked = "pgdurable.worker.parked";
    public const string HttpRetries = "pgdurable.worker.http.retries";

    public const string StepKind = "pgdurable.step.kind";
    public const string Outcome = "pgdurable.outcome";
    public const string InstanceId = "pgdurable.instance.id";
    public const string Workflow = "pgdurable.workflow.name";
    public const string StepName = "pgdurable.step.name";
    public const string StepNode = "pgdurable.step.node";
    public const string StepPath = "pgdurable.step.path";
    public const string StepAttempt = "pgdurable.step.attempt";

    public const string ErrorType = "error.type";
    public const string DbSystem = "db.system.name";
    public const string DbNamespace = "db.namespace";
    public const string DbOperation = "db.operation.name";
    public const string DbStatus = "db.response.status_code";
    public const string HttpMethod = "http.request.method";
    public const string ServerAddress = "server.address";

    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Npgsql;

namespace PgDurable;

/// <summary>The client's spans and metrics. Dashboards depend on the names, so renaming one breaks them.</summary>
/// <remarks>They contain names, ids and SQLSTATEs, but never inputs, payloads or results.</remarks>
internal static class ClientTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "PgDurable.Client";

    public const string Start = "start";
    public const string StartMany = "start_many";
    public const string Signal = "signal";
    public const string Cancel = "cancel";
    public const string Terminate = "terminate";
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Retry = "retry";
    public const string Bulk = "bulk";
    public const string Fork = "fork";
    public const string Migrate = "migrate";
    public const string GaveUp = "gave_up";

    public const string Operation = "pgdurable.operation";
    public const string InstanceId = "pgdurable.instance.id";
    public const string Workflow = "pgdurable.workflow.name";
    public const string Outcome = "pgdurable.outcome";
    public const string ErrorType = "error.type";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter Meter = new(SourceName);

    private static readonly Histogram<double> Calls = Meter.CreateHistogram<double>(
        "pgdurable.client.call.duration",
        "s",
        "The duration of starts, signals and other calls that change something, by operation and error.");

    private static readonly Histogram<double> Waits = Meter.CreateHistogram<double>(
        "pgdurable.client.wait.duration", "s", "The duration of waits for the end of an instance, by outcome.");

    public static Activity? Begin(in ClientCall call)
    {
        var name = call.Workflow is null ? call.Operation : $"{call.Operation} {call.Workflow}";
        if (Source.StartActivity(name, ActivityKind.Client) is not { } activity)
            return null;
        activity.SetTag(Operation, call.Operation);
        if (call.InstanceId is not null)
            activity.SetTag(InstanceId, call.InstanceId);
        if (call.Workflow is not null)
            activity.SetTag(Workflow, call.Workflow);
        return activity;
    }

    public static void End(Activity? activity, in ClientCall call, string? errorType, TimeSpan elapsed)
    {
        var tags = new TagList { { Operation, call.Operation } };
        if (errorType is not null)
        {
            tags.Add(ErrorType, errorType);
            activity?.SetTag(ErrorType, errorType).SetStatus(ActivityStatusCode.Error);
        }

        Calls.Record(elapsed.TotalSeconds, tags);
    }

    public static void Waited(string outcome, TimeSpan elapsed) =>
        Waits.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(Outcome, outcome));

    public static string ErrorTypeOf(Exception exception) =>
        exception is PostgresException error ? error.SqlState : exception.GetType().FullName!;
}

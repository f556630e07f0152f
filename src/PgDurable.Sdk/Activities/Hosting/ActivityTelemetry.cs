using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PgDurable;

/// <summary>The spans and metrics of activities. Dashboards depend on the names, so renaming one breaks them.</summary>
/// <remarks>They contain names, ids and SQLSTATEs, but never inputs or results.</remarks>
internal static class ActivityTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "PgDurable.Activities";

    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Stopped = "stopped";
    public const string Released = "released";

    public const string Name = "pgdurable.activity.name";
    public const string Attempt = "pgdurable.activity.attempt";
    public const string Delivery = "pgdurable.activity.delivery";
    public const string InstanceId = "pgdurable.instance.id";
    public const string Outcome = "pgdurable.outcome";
    public const string ErrorType = "error.type";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter Meter = new(SourceName);

    private static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>(
        "pgdurable.activity.runs.in_flight", "{run}", "The activities that are running now.");

    private static readonly Counter<long> Runs = Meter.CreateCounter<long>(
        "pgdurable.activity.runs", "{run}", "The runs of activities that ended.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "pgdurable.activity.run.duration", "s", "The duration of an activity's code.");

    private static readonly Counter<long> LostLeases = Meter.CreateCounter<long>(
        "pgdurable.activity.leases.lost", "{lease}", "The tasks that ended, or whose leases ran out, while this process had them.");

    public static Activity? Begin(TaskRun run)
    {
        InFlight.Add(1, NameTag(run));
        if (Source.StartActivity($"activity {run.Task.Activity}", ActivityKind.Consumer) is not { } span)
            return null;
        return span.SetTag(InstanceId, run.Task.InstanceId).SetTag(Name, run.Task.Activity).SetTag(Attempt, run.Task.Attempt)
            .SetTag(Delivery, run.Task.Delivery);
    }

    public static void End(Activity? span, TaskRun run, RunEnd end, TimeSpan elapsed)
    {
        InFlight.Add(-1, NameTag(run));
        var tags = new TagList { NameTag(run), { Outcome, end.Outcome } };
        if (end.ErrorType is { } errorType)
        {
            tags.Add(ErrorType, errorType);
            span?.SetTag(ErrorType, errorType).SetStatus(ActivityStatusCode.Error);
        }
        span?.SetTag(Outcome, end.Outcome);
        Runs.Add(1, tags);
        Duration.Record(elapsed.TotalSeconds, tags);
    }

    public static void Lost(TaskRun run) => LostLeases.Add(1, NameTag(run));

    private static KeyValuePair<string, object?> NameTag(TaskRun run) => new(Name, run.Task.Activity);
}

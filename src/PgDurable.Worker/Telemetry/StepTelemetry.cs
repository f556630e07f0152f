using System.Collections.Frozen;
using System.Diagnostics;
using PgDurable.Sql;

namespace PgDurable.Worker.Telemetry;

/// <summary>Measures and traces steps: one span for each, and the metrics of <see cref="StepMetrics"/>.</summary>
/// <remarks>No SQL text, no URL, no result: spans go to other systems, with other readers.</remarks>
internal sealed class StepTelemetry(StepMetrics metrics, TimeProvider time)
{
    public StepMetrics Metrics => metrics;

    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    // A step's text may be anything. Only known operations are named.
    private static readonly FrozenSet<string> Operations = FrozenSet.Create(
        "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE", "CALL", "DO", "COPY", "CREATE", "ALTER", "DROP",
        "TRUNCATE", "GRANT", "REVOKE", "COMMENT", "VACUUM", "ANALYZE", "REINDEX", "CLUSTER", "REFRESH", "SET", "RESET", "SHOW", "EXPLAIN",
        "LOCK", "NOTIFY", "EXECUTE", "REASSIGN", "SECURITY", "IMPORT");

    private static readonly FrozenSet<string> Methods = FrozenSet.Create("GET", "POST", "PUT", "DELETE", "PATCH");

    /// <summary>Starts measuring a SQL statement in the database that it runs in.</summary>
    public RunningStep StartSql(in StepDescription step, string sql, string database)
    {
        var activity = Start(step, ActivityKind.Client, database);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(TelemetryNames.DbSystem, "postgresql");
            activity.SetTag(TelemetryNames.DbNamespace, database);
            if (SqlStatements.FirstKeyword(sql) is { } keyword && Operations.Contains(keyword))
            {
                activity.SetTag(TelemetryNames.DbOperation, keyword);
                activity.DisplayName = $"{keyword} {database}";
            }
        }
        return new RunningStep(metrics, time, step.Kind, activity);
    }

    /// <summary>Starts measuring an HTTP request, with all its attempts. The client library's own spans are below its span.</summary>
    /// <param name="step">The step.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="url">The request's URL, of which only the host is recorded.</param>
    /// <param name="hostOf">Finds the host of a URL; <c>null</c> if it has none.</param>
    public RunningStep StartHttp(in StepDescription step, string method, string url, Func<string, string?> hostOf)
    {
        var activity = Start(step, ActivityKind.Internal, "HTTP");
        if (activity is { IsAllDataRequested: true } && hostOf(url) is { } host)
        {
            var upper = method.ToUpperInvariant();
            activity.SetTag(TelemetryNames.HttpMethod, Methods.Contains(upper) ? upper : "_OTHER");
            activity.SetTag(TelemetryNames.ServerAddress, host);
        }
        return new RunningStep(metrics, time, step.Kind, activity);
    }

    private static Activity? Start(in StepDescription step, ActivityKind kind, string name)
    {
        if (!Source.HasListeners())
            return null;
        System.Diagnostics.ActivityContext.TryParse(step.TraceParent, traceState: null, isRemote: true, out var parent);
        if (Source.StartActivity(name, kind, parent) is not { } activity)
            return null;
        if (activity.IsAllDataRequested)
        {
            activity.SetTag(TelemetryNames.StepKind, step.Kind);
            activity.SetTag(TelemetryNames.InstanceId, step.InstanceId);
            if (step.Workflow is not null)
                activity.SetTag(TelemetryNames.Workflow, step.Workflow);
            if (step.Name is not null)
                activity.SetTag(TelemetryNames.StepName, step.Name);
            activity.SetTag(TelemetryNames.StepNode, step.Execution.Node);
            if (step.Execution.Path.Length > 0)
                activity.SetTag(TelemetryNames.StepPath, step.Execution.Path);
            activity.SetTag(TelemetryNames.StepAttempt, step.Attempt);
        }
        return activity;
    }
}

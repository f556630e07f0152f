using Microsoft.Extensions.Logging;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <summary>What runs steps in one session of the worker shares.</summary>
/// <param name="WorkerId">The worker's number.</param>
/// <param name="Database">The worker's own database.</param>
/// <param name="Options">The worker's settings.</param>
/// <param name="Store">The worker's own statements.</param>
/// <param name="Sessions">Opens connections for steps.</param>
/// <param name="Logger">The worker's log.</param>
/// <param name="Telemetry">Measures steps.</param>
/// <param name="Time">This machine's clock.</param>
/// <param name="Clock">The database's clock.</param>
/// <param name="SessionOver">Fires when the worker's session is over.</param>
internal sealed record StepServices(
    int WorkerId,
    string Database,
    WorkerOptions Options,
    WorkerStore Store,
    SessionFactory Sessions,
    ILogger Logger,
    StepTelemetry Telemetry,
    TimeProvider Time,
    DatabaseClock Clock,
    CancellationToken SessionOver)
{
    /// <summary>Starts to measure a statement.</summary>
    public RunningStep Measure(StepWork work, string database)
    {
        if (work.Measured is { } measured)
            return measured;
        var instance = work.Instance;
        work.Measured = Telemetry.StartSql(instance.Describe(work.Command), work.Sql, database);
        // On one line, so that no part of the statement can pass for another line of the log.
        if (Options.LogWorkflowSql)
            Log.StepSql(Logger, instance.Claim.Id, instance.LogName(work.Execution), database, instance.Claim.RoleName ?? "",
                work.Sql.ReplaceLineEndings(" "));
        return work.Measured;
    }
}

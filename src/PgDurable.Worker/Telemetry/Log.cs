using Microsoft.Extensions.Logging;

namespace PgDurable.Worker.Telemetry;

/// <summary>
/// The worker's log. It has no SQL text and no data, and nothing that may quote them: those belong to the users and are in their tables. An
/// administrator can turn on SQL text (<c>pg_durable.log_workflow_sql</c>).
/// </summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.SessionStarted, LogLevel.Information,
        "worker {Worker} runs steps in database {Database} ({Mode}, up to {Steps} at the same time)")]
    public static partial void SessionStarted(ILogger logger, int worker, string database, string mode, int steps);

    [LoggerMessage(EventIds.SessionEnded, LogLevel.Warning, "no session yet: {Reason}; trying again")]
    public static partial void SessionEnded(ILogger logger, string reason);

    [LoggerMessage(EventIds.SessionImpossible, LogLevel.Error, "this worker has stopped: {Reason}")]
    public static partial void SessionImpossible(ILogger logger, string reason);

    [LoggerMessage(EventIds.StillWaiting, LogLevel.Debug, "still no session: {Reason}")]
    public static partial void StillWaiting(ILogger logger, string reason);

    [LoggerMessage(EventIds.SessionLost, LogLevel.Warning, "worker {Worker} lost the database: {Reason}")]
    public static partial void SessionLost(ILogger logger, int worker, string reason);

    [LoggerMessage(EventIds.SessionStopping, LogLevel.Information, "worker {Worker} stops; {Running} instances are finishing a step")]
    public static partial void SessionStopping(ILogger logger, int worker, int running);

    [LoggerMessage(EventIds.WorkersRescued, LogLevel.Information, "worker {Worker} took over the instances of dead workers {Dead}")]
    public static partial void WorkersRescued(ILogger logger, int worker, string dead);

    [LoggerMessage(EventIds.NoConnection, LogLevel.Warning, "no connection for a step: {Reason}")]
    public static partial void NoConnection(ILogger logger, string reason);

    [LoggerMessage(EventIds.StepCompleted, LogLevel.Debug, "instance {Instance}: step {Step} completed in {Elapsed:0.0} ms")]
    public static partial void StepCompleted(ILogger logger, string instance, string step, double elapsed);

    [LoggerMessage(EventIds.InstanceCompleted, LogLevel.Debug, "instance {Instance} completed")]
    public static partial void InstanceCompleted(ILogger logger, string instance);

    [LoggerMessage(EventIds.InstanceFailed, LogLevel.Warning,
        "instance {Instance} failed at step {Step} with SQLSTATE {SqlState}; df.error('{Instance}') says more")]
    public static partial void InstanceFailed(ILogger logger, string instance, string? step, string sqlState);

    [LoggerMessage(EventIds.StepStopped, LogLevel.Debug, "instance {Instance}: step {Step} was stopped")]
    public static partial void StepStopped(ILogger logger, string instance, string step);

    [LoggerMessage(EventIds.InstanceStopped, LogLevel.Information, "instance {Instance} was cancelled or taken over")]
    public static partial void InstanceStopped(ILogger logger, string instance);

    [LoggerMessage(EventIds.Fenced, LogLevel.Information,
        "instance {Instance} no longer belongs to this worker, and the attempt was rolled back: {Reason}")]
    public static partial void Fenced(ILogger logger, string instance, string reason);

    [LoggerMessage(EventIds.ConnectionLost, LogLevel.Warning, "instance {Instance}: the connection was lost during a step: {Reason}")]
    public static partial void ConnectionLost(ILogger logger, string instance, string reason);

    [LoggerMessage(EventIds.Defect, LogLevel.Error, "instance {Instance}: internal error ({Kind}) {Place}")]
    public static partial void Defect(ILogger logger, string instance, string kind, string place);

    [LoggerMessage(EventIds.NotRecorded, LogLevel.Error, "instance {Instance} fails because what it did can't be recorded: {Reason}")]
    public static partial void NotRecorded(ILogger logger, string instance, string reason);

    [LoggerMessage(EventIds.PutAside, LogLevel.Error, "instance {Instance} goes back to the queue for a while: {Reason}")]
    public static partial void PutAside(ILogger logger, string instance, string reason);

    [LoggerMessage(EventIds.SuspectStep, LogLevel.Warning,
        "instance {Instance}: step {Step} runs again; it was running when its session, the server or the worker died ({Deaths} times)")]
    public static partial void SuspectStep(ILogger logger, string instance, string step, int deaths);

    [LoggerMessage(EventIds.Retrying, LogLevel.Warning, "{What} failed and is tried again: {Reason}")]
    public static partial void Retrying(ILogger logger, string what, string reason);

    [LoggerMessage(EventIds.SessionDefect, LogLevel.Error, "the worker's session ended with an internal error ({Kind}) {Place}")]
    public static partial void SessionDefect(ILogger logger, string kind, string place);

    [LoggerMessage(EventIds.DeadConnection, LogLevel.Warning, "worker {Worker}: the connection to process {Process} of the server is dead")]
    public static partial void DeadConnection(ILogger logger, int worker, int process);

    [LoggerMessage(EventIds.LeftBehind, LogLevel.Warning, "worker {Worker}: {Tasks} tasks of a session that is over have not ended")]
    public static partial void LeftBehind(ILogger logger, int worker, int tasks);

    [LoggerMessage(EventIds.ScheduleProblem, LogLevel.Warning, "schedule number {Schedule} has a problem: see df.schedules")]
    public static partial void ScheduleProblem(ILogger logger, long schedule);

    [LoggerMessage(EventIds.HttpRetry, LogLevel.Information,
        "HTTP {Method} to {Host}: attempt {Attempt} failed ({Cause}); trying again in {Delay:0} ms")]
    public static partial void HttpRetry(ILogger logger, string method, string host, int attempt, string cause, double delay);

    [LoggerMessage(EventIds.HttpHostsIgnored, LogLevel.Warning,
        "pg_durable.http_allowed_hosts: {Entries} allow nothing; write names, *.suffix, * or IP addresses, without scheme, port and path")]
    public static partial void HttpHostsIgnored(ILogger logger, string entries);

    [LoggerMessage(EventIds.HttpDomainsIgnored, LogLevel.Warning,
        "pg_durable.http_allowed_domains: {Entries} allow nothing; write names and *.suffix, without scheme, port and path")]
    public static partial void HttpDomainsIgnored(ILogger logger, string entries);

    // Only if pg_durable.log_workflow_sql is on.
    [LoggerMessage(
        EventIds.StepSql, LogLevel.Information, "instance {Instance}: step {Step} runs in database {Database} as role {Role}: {Sql}")]
    public static partial void StepSql(ILogger logger, string instance, string step, string database, string role, string sql);
}

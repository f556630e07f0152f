using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PgDurable;

/// <summary>Runs the code of activities, and reports how it ends.</summary>
/// <param name="dataSource">Where transactions of activities come from.</param>
/// <param name="scopes">Creates a service scope for each run.</param>
/// <param name="running">The tasks in hand.</param>
/// <param name="reporter">Tells the database.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">The log.</param>
internal sealed partial class ActivityRunner(
    NpgsqlDataSource dataSource, IServiceScopeFactory scopes, RunningTasks running, TaskReporter reporter, TimeProvider time,
    ILoggerFactory loggers)
{
    // The database ends the step at its deadline; what comes a moment later is too late anyway.
    private static readonly TimeSpan DeadlineGrace = TimeSpan.FromMilliseconds(200);

    private readonly ILogger _logger = loggers.CreateLogger(ActivityLog.Category);

    /// <summary>Runs one activity. Never throws.</summary>
    /// <param name="run">The task, which has its place already.</param>
    /// <param name="timeLeft">The time until the step's deadline, or null.</param>
    public async Task RunAsync(TaskRun run, TimeSpan? timeLeft)
    {
        var started = time.GetTimestamp();
        using var span = ActivityTelemetry.Begin(run);
        await using var deadline = DeadlineTimer(run, timeLeft);
        RunEnd end;
        try
        {
            end = await RunAsync(run).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            end = Failed(run, exception);
        }

        var elapsed = time.GetElapsedTime(started);
        running.Leave(run);
        ActivityTelemetry.End(span, run, end, elapsed);
        if (end.Outcome == ActivityTelemetry.Completed)
            ActivityLog.Completed(_logger, run.Task.InstanceId, run.Task.Activity, elapsed.TotalMilliseconds);
    }

    private async Task<RunEnd> RunAsync(TaskRun run)
    {
        var logger = loggers.CreateLogger($"{ActivityLog.Category}.{run.Task.Activity}");
        using var logScope = logger.BeginScope(new RunScope(run.Task));
        var context = new RunContext(run, reporter, logger);
        string result;
        await using (var scope = scopes.CreateAsyncScope())
        {
            if (run.Activity.IsTransactional)
                return await RunInTransactionAsync(run, scope.ServiceProvider, context).ConfigureAwait(false);
            result = await run.Activity.Run(scope.ServiceProvider, run.Task.InputJson, null, context, run.StopToken).ConfigureAwait(false);
        }
        if (run.IsLost)
            return Stopped(run);
        reporter.Tell(new Report.Completion(run, result));
        return new(ActivityTelemetry.Completed);
    }

    private ITimer? DeadlineTimer(TaskRun run, TimeSpan? timeLeft)
    {
        // Timers can't be set for longer.
        if (timeLeft is not { } left || left.TotalMilliseconds > int.MaxValue)
            return null;
        var wait = left > TimeSpan.Zero ? left + DeadlineGrace : DeadlineGrace;
        return time.CreateTimer(_ => run.Stop(StopReason.Deadline), null, wait, Timeout.InfiniteTimeSpan);
    }

    private RunEnd Failed(TaskRun run, Exception exception)
    {
        var isCanceled = exception is OperationCanceledException && run.Reason != StopReason.None;
        if (run.IsLost || (isCanceled && run.Reason == StopReason.Deadline))
            return Stopped(run);
        if (isCanceled)
        {
            ActivityLog.Released(_logger, run.Task.InstanceId, run.Task.Activity);
            return Release(run, TimeSpan.Zero);
        }
        return Failed(run, exception, ActivityFailure.Of(exception));
    }

    private RunEnd Failed(TaskRun run, Exception exception, ActivityFailure failure)
    {
        run.IsCommitting = false;
        ActivityLog.Failed(
            _logger, run.Task.InstanceId, run.Task.Activity, failure.SqlState, run.Task.Attempt, failure.IsRetryable, exception);
        reporter.Tell(new Report.Failure(run, failure));
        return new(ActivityTelemetry.Failed, failure.SqlState);
    }

    private RunEnd Release(TaskRun run, TimeSpan delay)
    {
        reporter.Tell(new Report.Release(run, delay));
        return new(ActivityTelemetry.Released);
    }

    private RunEnd Stopped(TaskRun run)
    {
        ActivityLog.Stopped(_logger, run.Task.InstanceId, run.Task.Activity, run.Reason);
        running.Settle(run);
        return new(ActivityTelemetry.Stopped);
    }
}

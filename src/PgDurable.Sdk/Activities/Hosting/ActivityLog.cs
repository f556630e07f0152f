using Microsoft.Extensions.Logging;

namespace PgDurable;

/// <summary>The log of activities. It has names, ids and the activities' exceptions, but no inputs and no results.</summary>
internal static partial class ActivityLog
{
    /// <summary>The category. Each activity's own logger has its name behind it.</summary>
    public const string Category = "PgDurable.Activities";

    [LoggerMessage(ActivityEventIds.ActivitiesStarted, LogLevel.Information,
        "runs {Activities} of queues {Queues}, up to {MaxConcurrency} at the same time")]
    public static partial void Started(ILogger logger, string activities, string queues, int maxConcurrency);

    [LoggerMessage(ActivityEventIds.ActivitiesStopping, LogLevel.Information, "stops; {Running} activities are finishing")]
    public static partial void Stopping(ILogger logger, int running);

    [LoggerMessage(ActivityEventIds.NoDatabase, LogLevel.Warning, "can't {What}: {Reason}; trying again")]
    public static partial void NoDatabase(ILogger logger, string what, string reason, Exception exception);

    [LoggerMessage(ActivityEventIds.StillNoDatabase, LogLevel.Debug, "still can't {What}: {Reason}")]
    public static partial void StillNoDatabase(ILogger logger, string what, string reason);

    [LoggerMessage(ActivityEventIds.DatabaseBack, LogLevel.Information, "can {What} again")]
    public static partial void DatabaseBack(ILogger logger, string what);

    [LoggerMessage(ActivityEventIds.ActivityCompleted, LogLevel.Debug,
        "instance {Instance}: activity {Activity} completed in {Elapsed:0.0} ms")]
    public static partial void Completed(ILogger logger, string instance, string activity, double elapsed);

    [LoggerMessage(ActivityEventIds.ActivityFailed, LogLevel.Warning,
        "instance {Instance}: activity {Activity} failed with SQLSTATE {SqlState} (attempt {Attempt}, retryable: {IsRetryable})")]
    public static partial void Failed(
        ILogger logger, string instance, string activity, string sqlState, int attempt, bool isRetryable, Exception exception);

    [LoggerMessage(ActivityEventIds.ActivityStopped, LogLevel.Information,
        "instance {Instance}: activity {Activity} was stopped, because its result is no longer wanted ({Reason})")]
    public static partial void Stopped(ILogger logger, string instance, string activity, StopReason reason);

    [LoggerMessage(ActivityEventIds.ActivityReleased, LogLevel.Information,
        "instance {Instance}: activity {Activity} was stopped, because the application stops; it will run again")]
    public static partial void Released(ILogger logger, string instance, string activity);

    [LoggerMessage(ActivityEventIds.LeaseLost, LogLevel.Warning,
        "instance {Instance}: the task of activity {Activity} is lost: it has ended, or its lease ran out")]
    public static partial void LeaseLost(ILogger logger, string instance, string activity);

    [LoggerMessage(ActivityEventIds.ResultNotRecorded, LogLevel.Warning,
        "instance {Instance}: the end of activity {Activity} couldn't be recorded before its lease ran out; it will run again")]
    public static partial void NotRecorded(ILogger logger, string instance, string activity);

    [LoggerMessage(ActivityEventIds.ResultRefused, LogLevel.Error,
        "instance {Instance}: the database refused the end of activity {Activity} with SQLSTATE {SqlState}")]
    public static partial void Refused(ILogger logger, string instance, string activity, string sqlState, Exception exception);

    [LoggerMessage(ActivityEventIds.TransactionLost, LogLevel.Warning,
        "instance {Instance}: activity {Activity} lost its connection during its transaction; if it didn't commit, it will run again")]
    public static partial void TransactionLost(ILogger logger, string instance, string activity, Exception exception);

    [LoggerMessage(ActivityEventIds.NoConnection, LogLevel.Warning,
        "instance {Instance}: no connection for activity {Activity}; it will run again")]
    public static partial void NoConnection(ILogger logger, string instance, string activity, Exception exception);

    [LoggerMessage(ActivityEventIds.ActivityDefect, LogLevel.Error, "internal error while {What}")]
    public static partial void Defect(ILogger logger, string what, Exception exception);
}

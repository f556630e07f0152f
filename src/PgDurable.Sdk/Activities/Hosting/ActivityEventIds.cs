namespace PgDurable;

/// <summary>Ids of the log events of activities: 4xx.</summary>
internal static class ActivityEventIds
{
    public const int ActivitiesStarted = 400;
    public const int ActivitiesStopping = 401;
    public const int NoDatabase = 402;
    public const int StillNoDatabase = 403;
    public const int DatabaseBack = 404;
    public const int ActivityCompleted = 410;
    public const int ActivityFailed = 411;
    public const int ActivityStopped = 412;
    public const int ActivityReleased = 413;
    public const int LeaseLost = 414;
    public const int ResultNotRecorded = 415;
    public const int ResultRefused = 416;
    public const int TransactionLost = 417;
    public const int NoConnection = 418;
    public const int ActivityDefect = 419;
}

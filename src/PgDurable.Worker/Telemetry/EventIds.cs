namespace PgDurable.Worker.Telemetry;

/// <summary>Ids of log events, in bands: 1xx the worker's session, 2xx instances and steps, from 250 schedules, 3xx HTTP.</summary>
internal static class EventIds
{
    public const int SessionStarted = 100;
    public const int SessionEnded = 101;
    public const int SessionLost = 102;
    public const int SessionStopping = 103;
    public const int WorkersRescued = 104;
    public const int NoConnection = 105;
    public const int StillWaiting = 106;
    public const int Retrying = 107;
    public const int SessionDefect = 108;
    public const int DeadConnection = 109;
    public const int LeftBehind = 110;
    public const int SessionImpossible = 111;

    public const int StepCompleted = 200;
    public const int InstanceCompleted = 201;
    public const int InstanceFailed = 202;
    public const int InstanceStopped = 203;
    public const int Fenced = 204;
    public const int ConnectionLost = 205;
    public const int Defect = 206;
    public const int StepStopped = 207;
    public const int NotRecorded = 208;
    public const int PutAside = 209;
    public const int SuspectStep = 210;
    public const int StepSql = 211;

    public const int ScheduleProblem = 250;

    public const int HttpRetry = 300;
    public const int HttpHostsIgnored = 301;
    public const int HttpDomainsIgnored = 302;
}

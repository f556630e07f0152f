using System.Diagnostics;

namespace PgDurable.Worker.Telemetry;

/// <summary>A step that is being measured. Its first end counts. Disposed without an end, it was cancelled.</summary>
internal sealed class RunningStep : IDisposable
{
    private readonly StepMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly string _kind;
    private readonly Activity? _activity;
    private readonly long _started;
    private int _ended;

    public RunningStep(StepMetrics metrics, TimeProvider time, string kind, Activity? activity)
    {
        _metrics = metrics;
        _time = time;
        _kind = kind;
        _activity = activity;
        _started = time.GetTimestamp();
        metrics.StepStarted(kind);
    }

    /// <summary>Its checkpoint is committed.</summary>
    public void Complete() => End(TelemetryNames.Completed, null);

    /// <summary>It failed. Only the SQLSTATE is recorded, because messages hold data.</summary>
    public void Fail(string sqlState) => End(TelemetryNames.Failed, sqlState);

    public void Dispose() => End(TelemetryNames.Cancelled, null);

    private void End(string outcome, string? sqlState)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        _metrics.StepEnded(_kind, outcome, sqlState, _time.GetElapsedTime(_started));
        if (_activity is null)
            return;
        _activity.SetTag(TelemetryNames.Outcome, outcome);
        if (sqlState is not null)
        {
            _activity.SetTag(TelemetryNames.ErrorType, sqlState);
            if (_activity.GetTagItem(TelemetryNames.DbSystem) is not null)
                _activity.SetTag(TelemetryNames.DbStatus, sqlState);
            _activity.SetStatus(ActivityStatusCode.Error);
        }
        _activity.Dispose();
    }
}

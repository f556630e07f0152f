using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PgDurable.Worker.Telemetry;

/// <summary>The worker's metrics. They have kinds and SQLSTATEs, but never one of the user's names or values.</summary>
internal sealed class StepMetrics
{
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    private readonly Counter<long> _steps;
    private readonly Histogram<double> _durations;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Counter<long> _instances;
    private readonly Counter<long> _claims;
    private readonly Counter<long> _parked;
    private readonly Counter<long> _httpRetries;

    public StepMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Source);
        _steps = meter.CreateCounter<long>(TelemetryNames.Steps, "{step}", "Steps that ended, by kind and outcome.");
        _durations = meter.CreateHistogram(
            TelemetryNames.StepDuration, "s", "From the start of a step to its checkpoint.", advice: Durations);
        _inFlight = meter.CreateUpDownCounter<long>(TelemetryNames.StepsInFlight, "{step}", "Steps that are running now.");
        _instances = meter.CreateCounter<long>(TelemetryNames.Instances, "{instance}", "Instances that ended, by outcome.");
        _claims = meter.CreateCounter<long>(TelemetryNames.Claims, "{instance}", "Instances that the worker took from the queue.");
        _parked = meter.CreateCounter<long>(TelemetryNames.Parked, "{instance}", "Instances that the worker put back to wait.");
        _httpRetries = meter.CreateCounter<long>(TelemetryNames.HttpRetries, "{request}", "HTTP requests that were sent again.");
    }

    public void InstanceClaimed() => _claims.Add(1);

    public void InstanceParked() => _parked.Add(1);

    public void InstanceEnded(InstanceEnd end) => _instances.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Outcome, end switch
    {
        InstanceEnd.Completed => TelemetryNames.Completed,
        InstanceEnd.Failed => TelemetryNames.Failed,
        InstanceEnd.Cancelled => TelemetryNames.Cancelled,
    }));

    /// <param name="method">The request's method.</param>
    /// <param name="errorType">The status, or two words that say why the attempt failed.</param>
    public void HttpRetried(string method, string errorType) =>
        _httpRetries.Add(1, new(TelemetryNames.HttpMethod, method), new(TelemetryNames.ErrorType, errorType));

    public void StepStarted(string kind) => _inFlight.Add(1, new KeyValuePair<string, object?>(TelemetryNames.StepKind, kind));

    public void StepEnded(string kind, string outcome, string? errorType, TimeSpan elapsed)
    {
        _inFlight.Add(-1, new KeyValuePair<string, object?>(TelemetryNames.StepKind, kind));
        var tags = new TagList { { TelemetryNames.StepKind, kind }, { TelemetryNames.Outcome, outcome } };
        if (errorType is not null)
            tags.Add(TelemetryNames.ErrorType, errorType);
        _steps.Add(1, tags);
        _durations.Record(elapsed.TotalSeconds, tags);
    }
}

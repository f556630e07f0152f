using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace PgDurable.Worker.Tests.Telemetry;

/// <summary>Meters of one test, and what was measured with them: <c>instrument value tag=value …</c>, tags in alphabetical order.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly ConcurrentBag<Meter> _meters = [];
    private readonly ConcurrentQueue<string> _measurements = new();
    private readonly MeterListener _listener = new();

    public TestMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Record);
        _listener.SetMeasurementEventCallback<double>(Record);
        _listener.Start();
    }

    public IReadOnlyList<string> Measurements => [.. _measurements];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters)
            meter.Dispose();
    }

    private void Record<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var texts = new List<string>();
        foreach (var (name, tag) in tags)
            texts.Add($"{name}={tag}");
        var number = string.Create(CultureInfo.InvariantCulture, $"{value}");
        _measurements.Enqueue(string.Join(' ', [instrument.Name, number, .. texts.Order(StringComparer.Ordinal)]));
    }
}

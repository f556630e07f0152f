using System.Diagnostics.Metrics;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Testing.Running;

/// <summary>Provides metrics that nothing listens to.</summary>
internal sealed class NoMeters : IMeterFactory
{
    public static readonly StepMetrics Metrics = new(new NoMeters());

    public Meter Create(MeterOptions options) => new(new MeterOptions("PgDurable.Testing") { Version = options.Version });

    public void Dispose()
    {
    }
}

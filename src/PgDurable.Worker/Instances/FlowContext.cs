using Microsoft.Extensions.Logging;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <summary>What a session lends to the instances in its hands.</summary>
/// <param name="Logger">The worker's log.</param>
/// <param name="Metrics">Counts ends and waits.</param>
/// <param name="Time">This machine's clock.</param>
/// <param name="Clock">The database's clock.</param>
/// <param name="Recorder">Writes what commits without a step.</param>
/// <param name="Run">Has a statement run.</param>
/// <param name="Send">Has an HTTP request sent.</param>
/// <param name="Children">Has child workflows started, cancelled and looked after.</param>
/// <param name="Refresh">Asks the database what is new for an instance: signals, ended children, a pause.</param>
/// <param name="Release">Gives an instance back, to be claimed after a delay.</param>
/// <param name="Forget">Drops an instance that is not this worker's any more.</param>
/// <param name="RunSuspect">Has a statement run that was under way at so many deaths, and at one more.</param>
/// <param name="Cleared">An instance that a dead worker had in hand has got on.</param>
/// <param name="PutAside">Gives an instance back that can't even be failed, after a delay that grows each time.</param>
internal sealed record FlowContext(
    ILogger Logger,
    StepMetrics Metrics,
    TimeProvider Time,
    DatabaseClock Clock,
    IRecorder Recorder,
    Action<StepWork> Run,
    Action<StepWork> Send,
    IChildRunner Children,
    Action<InstanceFlow> Refresh,
    Action<InstanceFlow, TimeSpan> Release,
    Action<InstanceFlow> Forget,
    Action<StepWork, int> RunSuspect,
    Action<InstanceFlow> Cleared,
    Action<InstanceFlow> PutAside)
{
    /// <summary>How much is in memory of all of them; NULL when nobody counts.</summary>
    public HeldValues? Values { get; init; }

    /// <summary>How much one of them may hold, in characters of JSON.</summary>
    public long MaxHeld { get; init; } = long.MaxValue;
}

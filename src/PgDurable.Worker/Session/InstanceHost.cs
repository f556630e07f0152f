using Microsoft.Extensions.Logging;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Steps;
using PgDurable.Worker.Steps.Http;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>Connects the instances in hand with the parts of the session that do what they ask for.</summary>
internal sealed class InstanceHost(
    StepServices services, ResultMemory memory, Recorder recorder, StepQueue queue, OutsideRunner outside, HttpRunner http,
    SuspectSteps suspects, InstancesInHand inHand, BackgroundWork background) : IInstanceHost
{
    private const int MaxLingering = 1000;

    private readonly ChildStarter _children = new(services.Store, background);
    private readonly UpdateReader _updates = new(services.Store, inHand, background);

    public ILogger Logger => services.Logger;

    public StepMetrics Metrics => services.Telemetry.Metrics;

    public TimeProvider Time => services.Time;

    public DatabaseClock Clock => services.Clock;

    public ResultMemory? Memory => memory;

    public UpdateReader Updates => _updates;

    public bool MayLinger => inHand.Count <= MaxLingering;

    public void Record(InstanceRecord record, Action<Recorded> done) => recorder.Record(record, done);

    public void Park(ParkedInstance parked, Action<Recorded> done) => recorder.Park(parked, done);

    public void RunStatement(StepWork work)
    {
        // A response goes into a table together with its checkpoint where that is possible: in the worker's own database, however the
        // workflow names it.
        var database = work.Instance.Claim.Database;
        if (database is null || (work.Sink is not null && database == services.Database))
            queue.Add(work);
        else
            outside.Run(work);
    }

    public void RunSuspect(StepWork work, int deaths) =>
        background.Run(work.Instance, ct => suspects.RunAsync(work, deaths, RunStatement, ct));

    public void SendRequest(StepWork work) => http.Send(work);

    public void StartChild(ActiveInstance parent, Command.StartChild child) => _children.Start(parent, child);

    public void CancelChild(ActiveInstance parent, ExecutionKey execution) => _children.Cancel(parent, execution);

    public void RequestUpdates(ActiveInstance instance) => _updates.Request(instance);

    public void Requeue(ActiveInstance instance, TimeSpan delay) => background.Run(instance, async ct =>
    {
        await services.Store.ReturnToQueueAsync([instance.Claim.InstanceNo], delay, ct);
        inHand.Remove(instance);
    });

    public void RequeueWithBackoff(ActiveInstance instance) => Requeue(instance, inHand.NextBackoff(instance));

    public void Remove(ActiveInstance instance) => inHand.Remove(instance);

    public void PlaceFreed() => inHand.PlaceFreed();

    public void ClearDeaths(ActiveInstance instance) =>
        background.Run(instance, ct => services.Store.ClearDeathsAsync(instance.Claim.InstanceNo, ct));
}

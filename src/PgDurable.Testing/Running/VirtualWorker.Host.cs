using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Testing.Running;

/// <content>What instances in hand ask for, except for their steps and children.</content>
internal sealed partial class VirtualWorker
{
    public ILogger Logger => NullLogger.Instance;

    public StepMetrics Metrics => NoMeters.Metrics;

    public TimeProvider Time => _time;

    public DatabaseClock Clock { get; }

    public ResultMemory? Memory => null;

    public bool MayLinger => false;

    void IInstanceHost.Record(InstanceRecord record, Action<Recorded> done) => Later(() =>
    {
        var instance = Find(record.InstanceNo);
        if (instance.HasEnded || instance.InHand is null)
        {
            done(false);
            return;
        }
        // A task that has ended in time decides before its timeout does.
        if (record.ExpiredTasks.Any(key => instance.Tasks.GetValueOrDefault(key) is { End: not null }))
        {
            done(false);
            return;
        }
        var died = Write(instance, record);
        if (died)
            Die();
        else
            done(true);
    });

    void IInstanceHost.Park(ParkedInstance parked, Action<Recorded> done) => Later(() =>
    {
        var instance = Find(parked.InstanceNo);
        if (instance.HasEnded)
            return;
        if (HasNews(instance, parked))
        {
            done(false);
            return;
        }
        instance.Parked = parked;
        done(true);
        if (parked.Due is { } due)
            _time.At(due, () => Due(instance, parked));
    });

    void IInstanceHost.RunStatement(StepWork work) => _todo.Enqueue(() => TakeAsync(work));

    void IInstanceHost.RunSuspect(StepWork work, int deaths) => _todo.Enqueue(() => TakeAsync(work));

    void IInstanceHost.SendRequest(StepWork work) => _todo.Enqueue(() => TakeAsync(work));

    void IInstanceHost.RequestUpdates(ActiveInstance instance) => Later(() => DeliverUpdates(instance));

    void IInstanceHost.RequeueWithBackoff(ActiveInstance instance) => RequeueRow(instance, TimeSpan.FromSeconds(1));

    void IInstanceHost.PlaceFreed()
    {
        // There is always room.
    }

    void IInstanceHost.ClearDeaths(ActiveInstance instance)
    {
        // No worker has died of it.
    }

    void IInstanceHost.Requeue(ActiveInstance instance, TimeSpan delay) => RequeueRow(instance, delay);

    void IInstanceHost.Remove(ActiveInstance instance) => RemoveFromHand(instance);

    private void RequeueRow(ActiveInstance instance, TimeSpan delay)
    {
        RemoveFromHand(instance);
        var row = Find(instance.Claim.InstanceNo);
        row.State = null; // it may be ahead of what is recorded
        _time.At(_time.Now + delay, () => Claim(row));
    }

    private void RemoveFromHand(ActiveInstance instance)
    {
        var row = Find(instance.Claim.InstanceNo);
        if (row.InHand == instance)
            row.InHand = null;
    }
}

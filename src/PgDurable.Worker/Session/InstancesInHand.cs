using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>The instances in this worker's hands.</summary>
/// <param name="logger">The worker's log.</param>
/// <param name="metrics">Counts claims and ends.</param>
/// <param name="claimSoon">Wakes the claim loop.</param>
internal sealed class InstancesInHand(ILogger logger, StepMetrics metrics, WakeSignal claimSoon)
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<long, ActiveInstance> _instances = new();
    private readonly ConcurrentDictionary<long, int> _backoffs = new();
    private volatile bool _claimWaitsForRoom;

    public int Count => _instances.Count;

    public bool IsEmpty => _instances.IsEmpty;

    public ICollection<ActiveInstance> All => _instances.Values;

    public long[] Numbers => [.. _instances.Keys];

    /// <summary>Whether the claim loop waits for places, and is to be woken when one becomes free.</summary>
    public bool ClaimWaitsForRoom
    {
        set => _claimWaitsForRoom = value;
    }

    public ActiveInstance? Find(long instanceNo) => _instances.GetValueOrDefault(instanceNo);

    public void Add(ActiveInstance instance)
    {
        metrics.InstanceClaimed();
        _instances[instance.Claim.InstanceNo] = instance;
    }

    /// <summary>Removes an instance that this worker no longer holds.</summary>
    public void Remove(ActiveInstance instance)
    {
        var no = instance.Claim.InstanceNo;
        _instances.TryRemove(new KeyValuePair<long, ActiveInstance>(no, instance));
        if (!_backoffs.IsEmpty && !instance.IsBackingOff)
            _backoffs.TryRemove(no, out _);
        PlaceFreed();
    }

    /// <summary>Stops an instance that the database says this worker no longer holds.</summary>
    public void Stop(long instanceNo)
    {
        if (!_instances.TryRemove(instanceNo, out var instance))
            return;
        Log.InstanceStopped(logger, instance.Claim.Id);
        metrics.InstanceEnded(InstanceEnd.Cancelled);
        instance.Stop();
        PlaceFreed();
    }

    public void StopAll()
    {
        foreach (var instance in _instances.Values)
            instance.Stop();
    }

    /// <summary>
    /// How long an instance stays in the queue that can't even be failed. Others get on meanwhile, and one day so may this one.
    /// </summary>
    public TimeSpan NextBackoff(ActiveInstance instance)
    {
        var tries = _backoffs.AddOrUpdate(instance.Claim.InstanceNo, 0, (_, tries) => tries + 1);
        var delay = TimeSpan.FromSeconds(1 << Math.Min(tries, 10));
        return delay < LongestBackoff ? delay : LongestBackoff;
    }

    /// <summary>A place may be free. The claim loop counts them.</summary>
    public void PlaceFreed()
    {
        if (_claimWaitsForRoom)
            claimSoon.Set();
    }
}

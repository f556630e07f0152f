using PgDurable.Worker.Fairness;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Session;

/// <summary>Claims due instances, loads them, and has them begin.</summary>
internal sealed class ClaimLoop(
    WorkerStore store, FairClaims claims, PlaceKeeper places, InstanceLoader loader, InstancesInHand inHand, UpdateReader updates,
    ResultMemory memory, DatabaseClock clock, WorkerOptions options, int capacity, WakeSignal wake, TimeProvider time)
{
    // How long after the last work the worker still looks for more by itself, and how often.
    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BusyPollInterval = TimeSpan.FromMilliseconds(4);

    // How long after the last work memory is given back.
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(2);

    // A claim that waits in the server. It may outlast the wait for it.
    private (Task<List<ClaimedInstance>> Claim, DateTimeOffset Asked)? _waiting;

    // The end of a wait that is still to come.
    private Task? _woken;

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await ClaimAsync(ct);
        }
        finally
        {
            // Others can run what the last wait still claims, while this worker's steps finish.
            if (ct.IsCancellationRequested && _waiting is { } waiting)
            {
                var claimed = await waiting.Claim;
                await store.ReturnToQueueAsync(
                    [.. claimed.Where(claim => !claim.Held).Select(claim => claim.InstanceNo)], TimeSpan.Zero, CancellationToken.None);
            }
        }
    }

    private async Task ClaimAsync(CancellationToken ct)
    {
        var idle = false;
        var lastWork = time.GetTimestamp();
        var lastClaim = lastWork;
        while (true)
        {
            var held = await WaitForRoomAsync(lastClaim, ct);
            lastClaim = time.GetTimestamp();

            var (claim, asked) = _waiting is { Claim.IsCompleted: true } waited ? waited : Ask(() => claims.ClaimAsync(held, ct));
            if (claim == _waiting?.Claim)
                _waiting = null;
            var claimed = await claim;
            places.MakeRoom([.. inHand.All], held, claims.IsContended ? claims.Due : []);
            if (claimed.Count > 0)
            {
                lastWork = time.GetTimestamp();
                clock.Set(claimed[0].Now, asked);
                await TakeAsync(claimed, ct);
                // Commits that notify wait for each other, disk included. While there is work, it is cheaper for everybody to look often.
                if (idle)
                    await store.SetIdleAsync(idle = false, ct);
            }
            else if (!store.MayWait && !idle && !claims.IsContended && time.GetElapsedTime(lastWork) > BusyFor)
            {
                // Look once more after this: a start in between did not notify.
                await store.SetIdleAsync(idle = true, ct);
                continue;
            }
            if (inHand.IsEmpty && time.GetElapsedTime(lastWork) > IdleAfter)
                memory.TrimWhenIdle();
            if (store.MayWait && claimed.Count == 0 && !claims.IsContended)
                await WaitInServerAsync(ct);
            // More is due, and only room is missing. If lanes take turns, claims without a pause would crowd out other queries.
            else if (claimed.Count == 0 || !claims.IsContended || claims.Due.Count > 1)
                await WaitAsync(idle ? options.PollInterval : BusyPollInterval, ct);
        }
    }

    // The question is asked before the answer's time can be known.
    private (Task<List<ClaimedInstance>> Claim, DateTimeOffset Asked) Ask(Func<Task<List<ClaimedInstance>>> claim)
    {
        var asked = clock.Local;
        return (claim(), asked);
    }

    /// <summary>Waits in the server for something to claim, or until the loop is woken.</summary>
    private async Task WaitInServerAsync(CancellationToken ct)
    {
        var limit = options.PollInterval < options.LongestWait ? options.PollInterval : options.LongestWait;
        _waiting ??= Ask(() => claims.WaitAsync(limit, ct));
        _woken ??= wake.WaitAsync(ct);
        if (await Task.WhenAny(_waiting.Value.Claim, _woken) == _woken)
            await ConsumeAsync(_woken);
    }

    /// <summary>Waits until the loop is woken.</summary>
    private async Task WaitAsync(TimeSpan limit, CancellationToken ct)
    {
        if (_woken is null)
            await wake.WaitAsync(limit, ct);
        else if (await Task.WhenAny(_woken, Task.Delay(limit, time, ct)) == _woken)
            await ConsumeAsync(_woken);
        ct.ThrowIfCancellationRequested();
    }

    private Task ConsumeAsync(Task woken)
    {
        _woken = null;
        return woken;
    }

    /// <summary>
    /// Waits for room for a good batch, because a claim costs about the same for one instance as for many. But not for long: other roles
    /// may have a right to a place, and what has arrived for the instances in hand must reach them. Returns the places that each role
    /// holds.
    /// </summary>
    private async Task<Dictionary<uint, int>> WaitForRoomAsync(long lastClaim, CancellationToken ct)
    {
        inHand.ClaimWaitsForRoom = true;
        var held = PlaceKeeper.Count(inHand.All);
        while (capacity - held.Values.Sum() < Math.Max(1, options.MaxConcurrentSteps / 2)
            && FairClaims.LookInterval - time.GetElapsedTime(lastClaim) is var left && left > TimeSpan.Zero)
        {
            await WaitAsync(left, ct);
            held = PlaceKeeper.Count(inHand.All);
        }
        inHand.ClaimWaitsForRoom = false;
        return held;
    }

    private async Task TakeAsync(List<ClaimedInstance> claimed, CancellationToken ct)
    {
        foreach (var loaded in await loader.LoadAsync([.. claimed.Where(claim => !claim.Held)], ct))
        {
            inHand.Add(loaded.Instance);
            loaded.Instance.Begin(loaded.Decision);
        }
        await updates.DeliverAsync(
            claimed.Where(claim => claim.Held || inHand.Find(claim.InstanceNo) is { WaitsForUpdates: true })
                .Select(claim => claim.InstanceNo),
            ct);
    }
}

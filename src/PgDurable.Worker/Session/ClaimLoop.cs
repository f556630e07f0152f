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

    public async Task RunAsync(CancellationToken ct)
    {
        var idle = false;
        var lastWork = time.GetTimestamp();
        var lastClaim = lastWork;
        while (true)
        {
            var held = await WaitForRoomAsync(lastClaim, ct);
            lastClaim = time.GetTimestamp();

            var asked = clock.Local;
            var claimed = await claims.ClaimAsync(held, ct);
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
            else if (!idle && !claims.IsContended && time.GetElapsedTime(lastWork) > BusyFor)
            {
                // Look once more after this: a start in between did not notify.
                await store.SetIdleAsync(idle = true, ct);
                continue;
            }
            if (inHand.IsEmpty && time.GetElapsedTime(lastWork) > IdleAfter)
                memory.TrimWhenIdle();
            await wake.WaitAsync(idle ? options.PollInterval : BusyPollInterval, ct);
        }
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
            await wake.WaitAsync(left, ct);
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

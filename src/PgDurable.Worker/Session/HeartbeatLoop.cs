using Microsoft.Extensions.Logging;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Steps;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>
/// Gives a sign of life, learns which claims this worker still holds and what has arrived for them, takes over the instances of dead
/// workers, and follows settings that the server has read again.
/// </summary>
internal sealed class HeartbeatLoop(
    WorkerStore store, SuspectSteps suspects, InstancesInHand inHand, UpdateReader updates, FollowedSettings settings, DatabaseClock clock,
    WorkerOptions options, int workerId, WakeSignal checkClaims, WakeSignal claimSoon, ILogger logger)
{
    public async Task RunAsync(CancellationToken ct)
    {
        long[] strays = [];
        while (true)
        {
            await RescueAsync(ct);
            await suspects.EndDurableClaimsAsync(ct);
            var known = inHand.Numbers; // before the question: the answer doesn't have what is claimed in between
            var asked = clock.Local;
            var (now, minLoopInterval, maxResultBytes) = await store.NowAsync(ct);
            clock.Set(now, asked);
            settings.Follow(minLoopInterval, maxResultBytes);
            var held = await store.HeartbeatAsync(ct)
                ?? throw new WorkerSessionException("other workers took this one for dead, it had been silent for too long");
            foreach (var lost in known.Except(held))
                inHand.Stop(lost);
            await updates.DeliverAsync(await store.UpdatedInstancesAsync(ct), ct);

            // The database says at two looks that this worker holds them, but they are not in hand: their return to the queue found the row
            // locked.
            var notInHand = held.Where(no => inHand.Find(no) is null).ToArray();
            await store.ReturnToQueueAsync([.. notInHand.Intersect(strays)], TimeSpan.Zero, ct);
            strays = notInHand;
            await checkClaims.WaitAsync(options.HeartbeatInterval, ct);
        }
    }

    /// <summary>Frees what dead workers held.</summary>
    public async Task RescueAsync(CancellationToken ct)
    {
        var dead = await store.RescueAsync(ct);
        if (dead.Length == 0)
            return;
        Log.WorkersRescued(logger, workerId, string.Join(", ", dead));
        await suspects.WorkersDiedAsync(ct);
        claimSoon.Set();
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Steps;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>
/// Steps that were under way when their session, the server or the worker died. One of them may be the cause, and would be again, for ever: that it runs once more is on record before it
/// does. Nothing of this happens to a step before a first death.
/// </summary>
/// <remarks>
/// What a worker that died had in hand is found in its claims. A claim is not on disk at once, so after a death the claims are, for a while. Of several steps that were under way at the
/// second death, each runs by itself, in any order, so that the others are not blamed for long.
/// </remarks>
internal sealed class Suspicion(WorkerStore store, ILogger logger, TimeProvider time)
{
    /// <summary>Times that a step runs before it is failed.</summary>
    public const int MaxRuns = 5;

    // Longer than it takes for a commit that nobody waits for to reach the disk, and for a server to come back.
    private static readonly TimeSpan CarefulFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _lane = new(1, 1);
    private long? _carefulSince;

    /// <summary>The error of a step that has run often enough.</summary>
    public static StepError TooOften(string sql, string? reason = null) => new(
        $"The connection was lost {MaxRuns} times while this step ran{(reason is null ? "" : $": {reason}")}.", "08006",
        Hint: "Does the statement end its own session, or does the server crash on it? See the server's log.", Sql: sql, IsFatal: true);

    /// <summary>Dead workers were found.</summary>
    public async Task FoundDeadAsync(CancellationToken ct)
    {
        if (_carefulSince is null)
            await store.SetDurableClaimsAsync(true, ct);
        _carefulSince = time.GetTimestamp();
    }

    /// <summary>Every now and then: whether it is long ago.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        if (_carefulSince is not { } since || time.GetElapsedTime(since) < CarefulFor)
            return;
        _carefulSince = null;
        await store.SetDurableClaimsAsync(false, ct);
    }

    /// <summary>A step lost its session: whether it may run once more, which is then on record.</summary>
    public async Task<bool> MayRunAgainAsync(StepWork work, CancellationToken ct)
    {
        var deaths = await store.SuspectAsync(work.Flow.Claim.InstanceNo, work.Execution, ct);
        return deaths is null or < MaxRuns;
    }

    /// <summary>Has a step run that was under way at a death, when its turn comes.</summary>
    /// <param name="work">The step.</param>
    /// <param name="before">Deaths so far, without the last one.</param>
    /// <param name="run">Has it run.</param>
    /// <param name="ct">The session is over.</param>
    public async Task RunAsync(StepWork work, int before, Action<StepWork> run, CancellationToken ct)
    {
        if (before == 0)
        {
            await RunAsync(work, run, ct);
            return;
        }
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(100)), time, ct);
        await _lane.WaitAsync(ct);
        try
        {
            if (!await RunAsync(work, run, ct))
                return;
            var since = Stopwatch.GetTimestamp();
            while (work.Flow.Runs(work) && Stopwatch.GetElapsedTime(since) < Alone)
                await Task.Delay(Look, time, ct);
        }
        finally
        {
            _lane.Release();
        }
    }

    private async Task<bool> RunAsync(StepWork work, Action<StepWork> run, CancellationToken ct)
    {
        if (!work.Flow.Runs(work))
            return false;
        var deaths = await store.SuspectAsync(work.Flow.Claim.InstanceNo, work.Execution, ct);
        if (deaths is null)
        {
            work.Flow.GiveBack(TimeSpan.Zero);
            return false;
        }
        Log.SuspectStep(logger, work.Flow.Claim.Id, work.Flow.LogName(work.Execution), deaths.Value);
        if (deaths < MaxRuns)
        {
            run(work);
            return true;
        }
        StepRunner.Fail(work, TooOften(work.Sql), work.Flow.Now);
        return false;
    }
}

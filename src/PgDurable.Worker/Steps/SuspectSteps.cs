using System.Diagnostics;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <summary>
/// Steps that were in hand when their session, the server or the worker died. One of them may be the cause, and would be again and again.
/// So before such a step runs once more, that is recorded. A step costs nothing of this before a first death.
/// </summary>
/// <remarks>
/// The claims of a worker that died show what it had in hand. Claims are not on disk at once, so after a death they are for a while. From
/// the second death on, the steps that were in hand run one at a time and in any order, so that the innocent ones are soon cleared.
/// </remarks>
/// <param name="services">The session's.</param>
internal sealed class SuspectSteps(StepServices services)
{
    /// <summary>How often a step runs before it fails.</summary>
    private const int MaxRuns = 5;

    // Longer than a commit takes to reach the disk when nobody waits for it, and than a server takes to come back.
    private static readonly TimeSpan DurableClaimsFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTimeAlone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private long? _durableClaimsSince;

    /// <summary>The error of a step that has run too often.</summary>
    public static StepError TooManyRuns(string sql, string? reason = null) => new(
        $"The connection was lost {MaxRuns} times while this step ran{(reason is null ? "" : $": {reason}")}.", "08006",
        Hint: "Does the statement end its own session, or does the server crash on it? See the server's log.", Sql: sql, IsFatal: true);

    /// <summary>Dead workers were found: from now on claims are on disk before they count.</summary>
    public async Task WorkersDiedAsync(CancellationToken ct)
    {
        if (_durableClaimsSince is null)
            await services.Store.SetDurableClaimsAsync(true, ct);
        _durableClaimsSince = services.Time.GetTimestamp();
    }

    /// <summary>Called every now and then: ends durable claims when the last death was long ago.</summary>
    public async Task EndDurableClaimsAsync(CancellationToken ct)
    {
        if (_durableClaimsSince is not { } since || services.Time.GetElapsedTime(since) < DurableClaimsFor)
            return;
        _durableClaimsSince = null;
        await services.Store.SetDurableClaimsAsync(false, ct);
    }

    /// <summary>A step lost its session. Records that it runs once more, and returns whether it may.</summary>
    public async Task<bool> MayRunAgainAsync(StepWork work)
    {
        var deaths = await services.Store.SuspectAsync(work.Instance.Claim.InstanceNo, work.Execution, services.SessionOver);
        return deaths is null or < MaxRuns;
    }

    /// <summary>Runs a step that was in hand at a death, when its turn comes.</summary>
    /// <param name="work">The step.</param>
    /// <param name="deathsBefore">The deaths recorded so far, without the last one.</param>
    /// <param name="run">Runs it.</param>
    /// <param name="ct">The session is over.</param>
    public async Task RunAsync(StepWork work, int deathsBefore, Action<StepWork> run, CancellationToken ct)
    {
        if (deathsBefore == 0)
        {
            await RunAsync(work, run, ct);
            return;
        }
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(100)), services.Time, ct);
        await _oneAtATime.WaitAsync(ct);
        try
        {
            if (!await RunAsync(work, run, ct))
                return;
            var since = Stopwatch.GetTimestamp();
            while (work.Instance.IsRunning(work) && Stopwatch.GetElapsedTime(since) < LongestTimeAlone)
                await Task.Delay(LookInterval, services.Time, ct);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<bool> RunAsync(StepWork work, Action<StepWork> run, CancellationToken ct)
    {
        var instance = work.Instance;
        if (!instance.IsRunning(work))
            return false;
        var deaths = await services.Store.SuspectAsync(instance.Claim.InstanceNo, work.Execution, ct);
        if (deaths is null)
        {
            instance.Requeue(TimeSpan.Zero);
            return false;
        }
        Log.SuspectStep(services.Logger, instance.Claim.Id, instance.LogName(work.Execution), deaths.Value);
        if (deaths < MaxRuns)
        {
            run(work);
            return true;
        }
        work.Fail(TooManyRuns(work.Sql), instance.Now);
        return false;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Dispatch;

/// <summary>What a session lends to its runners.</summary>
internal sealed record StepRunnerContext(
    int WorkerId,
    string Database,
    WorkerOptions Options,
    ILogger Logger,
    StepTelemetry Telemetry,
    TimeProvider Time,
    DatabaseClock Clock,
    Func<CancellationToken, Task<StepSession>> OpenSessionAsync)
{
    private const int MaxCommitRetries = 5;
    private readonly ConcurrentDictionary<long, int> _commitRetries = new();

    /// <summary>A commit that fails for a passing reason is tried again by loading the instance anew, but not for ever.</summary>
    public bool MayRetryCommit(InstanceFlow instance)
    {
        var no = instance.Claim.InstanceNo;
        if (_commitRetries.AddOrUpdate(no, 1, (_, tries) => tries + 1) <= MaxCommitRetries) return true;
        _commitRetries.TryRemove(no, out _);
        return false;
    }

    /// <summary>Failures are counted from the last commit on.</summary>
    public void Committed(InstanceFlow instance)
    {
        if (!_commitRetries.IsEmpty) _commitRetries.TryRemove(instance.Claim.InstanceNo, out _);
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <summary>What a session lends to its runners.</summary>
internal sealed record StepRunnerContext(
    int WorkerId,
    string Database,
    WorkerOptions Options,
    ILogger Logger,
    StepTelemetry Telemetry,
    TimeProvider Time,
    DatabaseClock Clock,
    Func<CancellationToken, Task<StepSession>> OpenSessionAsync,
    Func<StepWork, Task<bool>> MayRunAgainAsync)
{
    private const int MaxCommitRetries = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WaitForSpace = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<long, int> _commitRetries = new();
    private readonly ConcurrentDictionary<(long, ExecutionKey), (long Since, int Tries)> _waitForSpace = new();

    /// <summary>A statement is about to run.</summary>
    public RunningStep Measure(StepWork work, string database)
    {
        if (work.Measured is { } measured)
            return measured;
        work.Measured = Telemetry.StartSql(work.Flow.Describe(work.Command), work.Sql, database);
        // On one line: what looks like a line of the log's own must be one.
        if (Options.LogWorkflowSql)
            Log.StepSql(Logger, work.Flow.Claim.Id, work.Flow.LogName(work.Execution), database, work.Flow.Claim.RoleName ?? "", work.Sql.ReplaceLineEndings(" "));
        return work.Measured;
    }

    /// <summary>
    /// How long to leave a step alone that found the disk full; NULL when that is not what is wrong, or when it was full for so long that the step may be what fills it.
    /// </summary>
    public TimeSpan? MayWaitForSpace(StepWork work, PostgresException e)
    {
        if (e.SqlState != PostgresErrorCodes.DiskFull)
            return null;
        var key = (work.Flow.Claim.InstanceNo, work.Execution);
        var (since, tries) = _waitForSpace.AddOrUpdate(key, _ => (Time.GetTimestamp(), 1), (_, before) => (before.Since, before.Tries + 1));
        if (Time.GetElapsedTime(since) < WaitForSpace)
        {
            var pause = TimeSpan.FromSeconds(1 << Math.Min(tries - 1, 5));
            return pause < LongestPause ? pause : LongestPause;
        }
        _waitForSpace.TryRemove(key, out _);
        return null;
    }

    /// <summary>A commit that fails for a passing reason is tried again by loading the instance anew, but not for ever.</summary>
    public bool MayRetryCommit(InstanceFlow instance)
    {
        var no = instance.Claim.InstanceNo;
        if (_commitRetries.AddOrUpdate(no, 1, (_, tries) => tries + 1) <= MaxCommitRetries)
            return true;
        _commitRetries.TryRemove(no, out _);
        return false;
    }

    /// <summary>Failures are counted from the last commit on.</summary>
    public void Committed(InstanceFlow instance)
    {
        if (!_commitRetries.IsEmpty)
            _commitRetries.TryRemove(instance.Claim.InstanceNo, out _);
        if (!_waitForSpace.IsEmpty)
            foreach (var key in _waitForSpace.Keys.Where(key => key.Item1 == instance.Claim.InstanceNo))
                _waitForSpace.TryRemove(key, out _);
    }
}

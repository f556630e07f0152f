using System.Collections.Concurrent;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;

namespace PgDurable.Worker.Steps;

/// <summary>How long to put up with what passes by itself: a full disk, or a commit that fails for a passing reason.</summary>
/// <param name="time">This machine's clock.</param>
internal sealed class Patience(TimeProvider time)
{
    private const int MaxCommitRetries = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWaitForSpace = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<long, int> _commitRetries = new();
    private readonly ConcurrentDictionary<(long InstanceNo, ExecutionKey Execution), (long Since, int Tries)> _waitsForSpace = new();

    /// <summary>
    /// How long to leave a step alone that found the disk full. <c>null</c> if that isn't the error, or if the disk was full for so long
    /// that the step itself may fill it.
    /// </summary>
    public TimeSpan? PauseForSpace(StepWork work, PostgresException e)
    {
        if (e.SqlState != PostgresErrorCodes.DiskFull)
            return null;
        var key = (work.Instance.Claim.InstanceNo, work.Execution);
        var (since, tries) =
            _waitsForSpace.AddOrUpdate(key, _ => (time.GetTimestamp(), 1), (_, before) => (before.Since, before.Tries + 1));
        if (time.GetElapsedTime(since) < LongestWaitForSpace)
        {
            var pause = TimeSpan.FromSeconds(1 << Math.Min(tries - 1, 5));
            return pause < LongestPause ? pause : LongestPause;
        }
        _waitsForSpace.TryRemove(key, out _);
        return null;
    }

    /// <summary>
    /// Whether a commit that failed for a passing reason may be tried again, by loading the instance anew. The number of tries is limited.
    /// </summary>
    public bool MayRetryCommit(ActiveInstance instance)
    {
        var no = instance.Claim.InstanceNo;
        if (_commitRetries.AddOrUpdate(no, 1, (_, tries) => tries + 1) <= MaxCommitRetries)
            return true;
        _commitRetries.TryRemove(no, out _);
        return false;
    }

    /// <summary>A step was committed: failures count from here on.</summary>
    public void Committed(ActiveInstance instance)
    {
        if (!_commitRetries.IsEmpty)
            _commitRetries.TryRemove(instance.Claim.InstanceNo, out _);
        if (!_waitsForSpace.IsEmpty)
            foreach (var key in _waitsForSpace.Keys.Where(key => key.InstanceNo == instance.Claim.InstanceNo))
                _waitsForSpace.TryRemove(key, out _);
    }
}

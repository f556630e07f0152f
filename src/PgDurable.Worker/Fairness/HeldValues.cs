using System.Runtime;

namespace PgDurable.Worker.Fairness;

/// <summary>
/// How much of what workflows carry along is in this process. Beyond the budget an instance is not taken into hand, and those in hand with much to carry go back into the queue, where they
/// cost nothing. What large values have left behind is collected soon, and given back when the worker is idle.
/// </summary>
/// <param name="budget">In characters of JSON.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class HeldValues(long budget, TimeProvider time)
{
    /// <summary>Values that are smaller don't matter: there are never many instances in hand.</summary>
    public const int Large = 256 * 1024;

    // Each leaves about ten times as much behind: as bytes, as text, on its way to and from the server.
    private const long CollectAfter = 16L * 1024 * 1024;

    // Buffers that were lent are let go of by a collection that finds them unused for a minute.
    private static readonly TimeSpan AndAgain = TimeSpan.FromSeconds(65);

    private long? _idleSince;
    private long _total;
    private long _passed;
    private long _left;

    /// <summary>How much there is.</summary>
    public long Total => Interlocked.Read(ref _total);

    public bool IsOverBudget => Total > budget;

    public long Budget => budget;

    /// <summary>Whether there is room for so much more. Somebody must get on: with nothing large in hand there always is.</summary>
    public bool HasRoomFor(long size) => size < Large || Total < Large || Total + size <= budget;

    public void Change(long by) => Interlocked.Add(ref _total, by);

    /// <summary>A large value has come by. The collector alone would let gigabytes of them lie about on a machine that has them.</summary>
    public void Passed(long size)
    {
        if (size < Large / 16)
            return;
        Interlocked.Add(ref _left, size);
        if (Interlocked.Add(ref _passed, size) < CollectAfter)
            return;
        Interlocked.Exchange(ref _passed, 0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }

    /// <summary>Nothing has been going on for a while: gives memory back to the machine, if much has come by since the last time.</summary>
    public void Idle()
    {
        if (Interlocked.Read(ref _left) >= CollectAfter)
            _idleSince = time.GetTimestamp();
        else if (_idleSince is { } since && time.GetElapsedTime(since) > AndAgain)
            _idleSince = null;
        else
            return;
        Interlocked.Exchange(ref _left, 0);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}

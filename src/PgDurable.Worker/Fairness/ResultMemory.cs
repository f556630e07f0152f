using System.Runtime;

namespace PgDurable.Worker.Fairness;

/// <summary>
/// How much memory the results that instances hold take in this process. Beyond the budget no large instance is taken into hand, and those
/// in hand go back into the queue, where they take none. Garbage of large values is collected soon, and memory goes back to the machine
/// when the worker is idle.
/// </summary>
/// <param name="budget">The budget of all instances, and of one, in characters of JSON.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class ResultMemory(long budget, TimeProvider time)
{
    /// <summary>Smaller results don't matter: there are never many instances in hand.</summary>
    public const int Large = 256 * 1024;

    // Each value leaves about ten times its size behind: as bytes and as text, on its way from the server and to it.
    private const long CollectAfter = 16L * 1024 * 1024;

    // A collection frees rented buffers that it finds unused for a minute.
    private static readonly TimeSpan SecondTrim = TimeSpan.FromSeconds(65);

    private long? _idleSince;
    private long _total;
    private long _passedSinceCollection;
    private long _passedSinceTrim;

    /// <summary>The size of all results in hand.</summary>
    public long Total => Interlocked.Read(ref _total);

    public bool IsOverBudget => Total > budget;

    public long Budget => budget;

    /// <summary>
    /// Whether there is room for another instance. While nothing large is in hand there always is, so that somebody makes progress.
    /// </summary>
    public bool HasRoomFor(long size) => size < Large || Total < Large || Total + size <= budget;

    public void Add(long change) => Interlocked.Add(ref _total, change);

    /// <summary>
    /// Counts a value that passes through. The garbage collector alone would let gigabytes of them pile up on a machine that has the
    /// memory.
    /// </summary>
    public void CountPassing(long size)
    {
        if (size < Large / 16)
            return;
        Interlocked.Add(ref _passedSinceTrim, size);
        if (Interlocked.Add(ref _passedSinceCollection, size) < CollectAfter)
            return;
        Interlocked.Exchange(ref _passedSinceCollection, 0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }

    /// <summary>Called while the worker is idle: gives memory back to the machine if much has passed through since the last time.</summary>
    public void TrimWhenIdle()
    {
        if (Interlocked.Read(ref _passedSinceTrim) >= CollectAfter)
            _idleSince = time.GetTimestamp();
        else if (_idleSince is { } since && time.GetElapsedTime(since) > SecondTrim)
            _idleSince = null;
        else
            return;
        Interlocked.Exchange(ref _passedSinceTrim, 0);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}

using System.Collections.Concurrent;

namespace PgDurable.Worker.Tests.Steps.Http;

/// <summary>
/// Time in which pauses of a minute at most pass at once and are written down, and longer ones, the time-outs, end when the test says so.
/// </summary>
internal sealed class ScriptedTime : TimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();
    private readonly ConcurrentDictionary<Timeout, bool> _timeouts = new();

    /// <summary>Seconds of a time-out that ends only by <see cref="Expire"/>.</summary>
    public const int Long = 600;

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public void Expire()
    {
        foreach (var timeout in _timeouts.Keys)
            timeout.Fire();
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= LongestPause)
        {
            _pauses.Enqueue(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, global::System.Threading.Timeout.InfiniteTimeSpan);
        }
        var timeout = new Timeout(this, callback, state);
        _timeouts[timeout] = true;
        return timeout;
    }

    private sealed class Timeout(ScriptedTime time, TimerCallback callback, object? state) : ITimer
    {
        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => time._timeouts.TryRemove(this, out _);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

namespace PgDurable.Testing.Running;

/// <summary>A virtual clock. Once there is nothing left to do, it advances to the next time at which something happens.</summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly DateTimeOffset _start = start;
    private readonly PriorityQueue<Entry, (DateTimeOffset At, long Order)> _entries = new();
    private long _order;

    public DateTimeOffset Now { get; private set; } = start;

    public TimeSpan Elapsed => Now - _start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;

    /// <summary>
    /// Schedules an action at a time, or now if the time has passed. Actions at the same time run in the order in which they were
    /// scheduled.
    /// </summary>
    public void At(DateTimeOffset moment, Action what) => Add(new Entry(what), moment);

    /// <summary>Returns when something happens next, or null if nothing will.</summary>
    public DateTimeOffset? Next()
    {
        while (_entries.TryPeek(out var entry, out var key))
        {
            if (!entry.IsGone)
                return key.At > Now ? key.At : Now;
            _entries.Dequeue();
        }
        return null;
    }

    /// <summary>Advances to the next action and runs it.</summary>
    public void RunNext()
    {
        if (Next() is not { } at)
            return;
        Now = at;
        var entry = _entries.Dequeue();
        entry.IsGone = true;
        entry.What();
    }

    /// <summary>Advances to a time before the next action.</summary>
    public void GoTo(DateTimeOffset moment)
    {
        if (moment > Now)
            Now = moment;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Add(Entry entry, DateTimeOffset moment) => _entries.Enqueue(entry, (moment > Now ? moment : Now, _order++));

    private sealed class Entry(Action what)
    {
        public Action What => what;

        public bool IsGone { get; set; }
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private Entry? _entry;

        // The period is ignored, because the worker's timers fire only once.
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Dispose();
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            _entry = new Entry(() => callback(state));
            time.Add(_entry, time.Now + dueTime);
            return true;
        }

        public void Dispose()
        {
            if (_entry is not null)
                _entry.IsGone = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

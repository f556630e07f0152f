namespace PgDurable;

/// <summary>The tasks in hand, and how many more this process may claim. A task leaves its place when its code ends.</summary>
internal sealed class RunningTasks(ActivityOptions options)
{
    private readonly Lock _gate = new();
    private readonly HashSet<TaskRun> _open = [];
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private TaskCompletionSource? _idle;
    private int _total;

    /// <summary>Set when there is more room.</summary>
    public WakeSignal Freed { get; } = new();

    /// <summary>How many activities are running.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _total;
        }
    }

    public bool HasOpen
    {
        get
        {
            lock (_gate)
                return _open.Count > 0;
        }
    }

    /// <summary>How many tasks may be claimed now.</summary>
    /// <param name="limited">The activity with a limit of its own that they are for, or null.</param>
    public int Room(string? limited = null)
    {
        lock (_gate)
        {
            // Ends that the database doesn't know yet don't take a place, but they can't be without number.
            var room = Math.Min(options.MaxConcurrency - _total, (2 * options.MaxConcurrency) - _open.Count);
            if (limited is not null && options.LimitOf(limited) is { } limit)
                room = Math.Min(room, limit - _running.GetValueOrDefault(limited));
            return Math.Max(room, 0);
        }
    }

    public void Enter(TaskRun run)
    {
        lock (_gate)
        {
            _open.Add(run);
            _total++;
            if (options.LimitOf(run.Task.Activity) is not null)
                _running[run.Task.Activity] = _running.GetValueOrDefault(run.Task.Activity) + 1;
        }
    }

    /// <summary>The activity's code has ended.</summary>
    public void Leave(TaskRun run)
    {
        lock (_gate)
        {
            _total--;
            if (options.LimitOf(run.Task.Activity) is not null)
                _running[run.Task.Activity]--;
            if (_total == 0)
                _idle?.TrySetResult();
        }
        Freed.Set();
    }

    /// <summary>Nothing more can be done for the task.</summary>
    public void Settle(TaskRun run)
    {
        lock (_gate)
        {
            if (!_open.Remove(run))
                return;
        }
        Freed.Set();
    }

    /// <summary>The tasks that aren't settled.</summary>
    public IReadOnlyList<TaskRun> Open()
    {
        lock (_gate)
            return [.. _open];
    }

    /// <summary>Ends when no activity is running.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
        {
            if (_total == 0)
                return Task.CompletedTask;
            _idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }
}

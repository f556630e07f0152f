namespace PgDurable;

/// <summary>A claimed task, from its claim until the database knows its end or it is lost.</summary>
internal sealed class TaskRun
{
    private readonly CancellationTokenSource _stop = new();
    private int _reason;
    private long _leaseEnds;
    private volatile bool _isLost;
    private volatile bool _isCommitting;

    /// <param name="task">The task.</param>
    /// <param name="activity">Its activity.</param>
    /// <param name="leaseEnds">The timestamp of our clock when the lease has certainly run out.</param>
    public TaskRun(ClaimedTask task, ActivityDefinition activity, long leaseEnds) =>
        (Task, Activity, _leaseEnds) = (task, activity, leaseEnds);

    public ClaimedTask Task { get; }

    public ActivityDefinition Activity { get; }

    /// <summary>Canceled when the result is no longer wanted.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>The first reason to stop.</summary>
    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>Whether the task belongs to somebody else, or to nobody.</summary>
    public bool IsLost => _isLost;

    /// <summary>
    /// Whether its own transaction holds the task's row. The lease must not be extended then, because that would wait for the transaction.
    /// </summary>
    public bool IsCommitting
    {
        get => _isCommitting;
        set => _isCommitting = value;
    }

    /// <summary>The timestamp of our clock when the lease has certainly run out.</summary>
    public long LeaseEnds
    {
        get => Volatile.Read(ref _leaseEnds);
        set => Volatile.Write(ref _leaseEnds, value);
    }

    /// <summary>Asks the activity to stop. Only the first reason counts.</summary>
    public void Stop(StopReason reason)
    {
        // Callbacks of the activity must not delay the caller.
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) == (int)StopReason.None)
            _ = _stop.CancelAsync();
    }

    /// <summary>Notes that the task is lost, and asks the activity to stop.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Lose()
    {
        if (_isLost)
            return false;
        _isLost = true;
        Stop(StopReason.Lost);
        return true;
    }
}

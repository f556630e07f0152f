using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Instances;

/// <content>The place that it holds among the instances in this worker's hands, and how it gives that place up.</content>
internal sealed partial class ActiveInstance
{
    private int _requests;
    private bool _shouldYield;
    private bool _isYielding;

    /// <summary>When it came into this worker's hands, by this machine's clock.</summary>
    public long InHandSince { get; }

    /// <summary>Whether it holds a place. An instance that only waits for the responses to requests holds none, nor does one that
    /// only waits for tasks.</summary>
    public bool HoldsPlace
    {
        get
        {
            lock (_lock)
                return !IsLingering && (_requests == 0 || _running.Count > _requests || !HasTakenAll || _startingChildren.Count > 0);
        }
    }

    /// <summary>A request is sent: it holds no connection and, unless something else is under way, the instance holds no place.</summary>
    public void RequestSent()
    {
        Interlocked.Increment(ref _requests);
        _host.PlaceFreed();
    }

    /// <summary>A request has ended.</summary>
    public void RequestEnded() => Interlocked.Decrement(ref _requests);

    /// <summary>
    /// Others wait for a place: as soon as nothing of the instance runs, it goes back into the queue behind the instances that are due.
    /// That may be at once.
    /// </summary>
    /// <param name="takeBack">Takes back statements that only wait for their turn.</param>
    public void YieldPlace(bool takeBack)
    {
        lock (_lock)
        {
            if (_isOver || _isParking || _isCommitting || _isPaused || (_shouldYield && !takeBack))
                return;
            _shouldYield = true;
            if (!takeBack || _running.Count == 0 || _startingChildren.Count > 0 || !HasTakenAll)
                return;
            var waiting = _running.Values.Where(work => work.TryTakeBack()).ToList();
            var isIdle = waiting.Count == _running.Count;
            foreach (var work in waiting)
            {
                _running.Remove(work.Execution);
                if (isIdle)
                    _heldCommands.Add(work.Command);
                else
                    Start(work.Command, null);
            }
            if (!isIdle)
                return;
            _isYielding = true;
            DeliverOrPark();
        }
    }

    // Nothing is under way whose end would be lost.
    private bool MayYield => _running.Count == 0 && _startingChildren.Count == 0 && HasTakenAll && !_isParking && !_isPaused;

    private static bool IsWork(Command command) => command is Command.RunSql or Command.SendHttp or Command.StartChild or Command.StartTask;
}

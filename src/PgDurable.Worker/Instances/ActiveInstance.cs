using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <summary>
/// An instance in this worker's hands: feeds the engine, and has its decisions carried out. See this folder's README for its states.
/// </summary>
/// <remarks>
/// Inputs are numbered when their commit is sent, and the engine takes them in that order, so that folding the recorded ones gives the same
/// state. The lock is held for computing only, never while waiting.
/// </remarks>
internal sealed partial class ActiveInstance
{
    private readonly Lock _lock = new();
    private readonly IInstanceHost _host;
    private readonly WorkflowState? _state;
    private readonly SortedDictionary<int, Checkpoint> _pendingInputs = [];
    private readonly Dictionary<ExecutionKey, StepWork> _running = [];
    private readonly List<Command> _heldCommands = []; // while it is paused, or gives up its place
    private int _lastNumbered;
    private int _lastTaken;
    private bool _isCommitting;
    private bool _isOver;
    private bool _isPaused;
    private bool _isResuming;

    /// <param name="host">The worker.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="state">The recovered state; <c>null</c> for an instance that can only fail.</param>
    /// <param name="lastSeq">The number of the last recorded input.</param>
    public ActiveInstance(IInstanceHost host, ClaimedInstance claim, WorkflowState? state, int lastSeq)
    {
        (_host, Claim, _state, _isPaused) = (host, claim, state, claim.Paused);
        _lastNumbered = _lastTaken = lastSeq;
        InHandSince = host.Time.GetTimestamp();
    }

    public ClaimedInstance Claim { get; }

    /// <summary>The deaths at which its steps were in hand; <c>null</c> if no worker died with this instance in hand.</summary>
    public IReadOnlyDictionary<ExecutionKey, int>? Suspects { get; init; }

    /// <summary>The current time by the database's clock.</summary>
    public DateTimeOffset Now => _host.Clock.Now;

    // No input that has a number is still on its way.
    private bool HasTakenAll => _lastNumbered == _lastTaken;

    /// <summary>Starts to carry out the decision that recovery has come to.</summary>
    public void Begin(Decision decision)
    {
        lock (_lock)
        {
            Guard(() =>
            {
                _isResuming = Suspects is not null;
                CarryOut(decision, null);
                _isResuming = false;
                _needsUpdates |= Claim.Resumed && _waits.Values.Any(wait => wait.IsTask); // their ends may be there already
                TakeInputs();
            });
        }
    }

    /// <summary>The instance was cancelled or taken away: nothing of it counts any more.</summary>
    public void Stop()
    {
        lock (_lock)
            StopAll();
    }

    /// <summary>Stops the instance and returns it to the queue, to be claimed again after a delay.</summary>
    public void Requeue(TimeSpan delay)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            StopAll();
        }
        _host.Requeue(this, delay);
    }

    private void StopAll()
    {
        _isOver = true;
        StopCountingMemory();
        foreach (var work in _running.Values)
            work.Stop();
        _running.Clear();
        _waits.Clear();
        _timer?.Dispose();
        _timer = null;
    }

    /// <summary>Takes the inputs whose turn has come.</summary>
    private void TakeInputs()
    {
        while (!_isOver && !_isCommitting && _pendingInputs.Remove(_lastTaken + 1, out var input))
        {
            _lastTaken++;
            CarryOut(WorkflowEngine.Advance(_state!, input), null);
        }
        DeliverOrPark();
    }

    /// <summary>Unless something is on its way that comes back here: ends waits, sets the timer, or parks the instance.</summary>
    private void DeliverOrPark()
    {
        if (_isOver || _isCommitting || _isParking || !HasTakenAll)
            return;
        if (_isYielding)
        {
            Park();
            return;
        }
        if (!_isPaused && EndNextWait())
            return;
        if (_running.Count + _startingChildren.Count > 0 || Lingers())
            SetTimer();
        else
            Park();
        // Parking finds a signal that was sent before anybody waited for it. With something else under way the instance isn't parked.
        if (_needsUpdates && !_isParking && !_isOver)
            _host.RequestUpdates(this);
        _needsUpdates = false;
    }
}

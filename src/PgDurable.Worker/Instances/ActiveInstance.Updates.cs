using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <content>What reaches it from outside: signals, the ends of children, a pause.</content>
internal sealed partial class ActiveInstance
{
    private readonly List<SignalRow> _signals = [];
    private readonly HashSet<ExecutionKey> _startingChildren = [];
    private bool _needsUpdates;

    /// <summary>Whether it waits for signals, children or tasks.</summary>
    public bool WaitsForUpdates => AwaitedUpdates() is not ([], false, false);

    /// <summary>The names of the signals that it waits for, and whether it waits for children and for tasks.</summary>
    public (string[] Signals, bool Children, bool Tasks) AwaitedUpdates()
    {
        lock (_lock)
        {
            return (
                [.. _waits.Values.Select(wait => wait.Wait.Signal).OfType<string>().Distinct(StringComparer.Ordinal)],
                _waits.Values.Any(wait => wait.IsChild), _waits.Values.Any(wait => wait.IsTask));
        }
    }

    /// <summary>Takes what was read from the database.</summary>
    public void ReceiveUpdates(
        IReadOnlyList<SignalRow> signals, IReadOnlyList<ChildRow> children, IReadOnlyList<TaskRow> tasks, bool isPaused)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            Guard(() =>
            {
                _isPaused = isPaused;
                _needsUpdates |= _isCommitting; // what it waits for next may have ended already
                if (!isPaused && !_isParking)
                {
                    foreach (var command in _heldCommands)
                        Start(command, null);
                    _heldCommands.Clear();
                }
                _signals.Clear();
                _signals.AddRange(signals.Where(signal => !_takenSignals.Contains(signal.SignalNo)));
                foreach (var child in children.Where(child => child.HasEnded))
                {
                    if (!_waits.Remove(child.Execution, out var wait))
                        continue;
                    Record([EndOf(child, wait)]);
                    _needsUpdates = true; // there may be more than one read returns
                }
                (_tasksReadAt, _readsTasksAt) = (_readsTasksAt, null);
                // Parking finds these ends too. Recording one removes the task, and with it what keeps the instance from being parked.
                foreach (var task in _isParking ? [] : tasks)
                {
                    _needsUpdates |= task.IsLeft;
                    if (task.IsLeft || !_waits.Remove(task.Execution, out var wait))
                        continue;
                    Record([EndOf(task, wait)], endedTasks: [task.Execution]);
                }
                DeliverOrPark();
            });
        }
    }

    /// <summary>A child exists. It may even have ended; parking the instance finds that out.</summary>
    public void ChildStarted(ExecutionKey execution)
    {
        lock (_lock)
        {
            _startingChildren.Remove(execution);
            if (_isOver)
                return;
            Guard(() =>
            {
                if (!_waits.ContainsKey(execution))
                    _host.CancelChild(this, execution);
                DeliverOrPark();
            });
        }
    }

    /// <summary>A child could not be started.</summary>
    public void ChildRefused(ExecutionKey execution, StepError error)
    {
        lock (_lock)
        {
            _startingChildren.Remove(execution);
            Guard(() =>
            {
                if (!_isOver && _waits.Remove(execution, out var wait))
                    Record([new Ended(execution, wait.Started, null, error, 1)]);
                else
                    DeliverOrPark();
            });
        }
    }

    private static Ended EndOf(ChildRow child, OpenWait wait) => child.Status == "completed"
        ? new Ended(child.Execution, wait.Started, new StepResult(child.ResultJson ?? "null", null), null, 1)
        : new Ended(child.Execution, wait.Started, null, ErrorJson.ReadChild(child), 1);
}

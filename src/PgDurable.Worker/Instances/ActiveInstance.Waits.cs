using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <content>Waits for a time or a signal, and parking: becoming a row that waits in the queue.</content>
internal sealed partial class ActiveInstance
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Dictionary<ExecutionKey, OpenWait> _waits = [];
    private ITimer? _timer;
    private bool _isParking;

    private sealed record OpenWait(Command.Wait Wait, DateTimeOffset Started)
    {
        public bool IsChild => Wait.Kind == "CALL";

        public bool IsTask => Wait.Kind == "ACTIVITY";
    }

    /// <summary>Ends the next wait whose time or signal has come.</summary>
    private bool EndNextWait()
    {
        if (_waits.Count == 0)
            return false; // as after most steps
        // Signals first: one that was sent before the deadline counts, however late it is read.
        foreach (var signal in _signals)
        {
            var woken = _waits.Values
                .Where(wait => wait.Wait.Signal == signal.Name && !(wait.Wait.Until < signal.SentAt))
                .OrderBy(wait => wait.Wait.Execution.Node).ThenBy(wait => wait.Wait.Execution.Path, StringComparer.Ordinal)
                .ToList();
            if (woken.Count == 0)
                continue;
            _signals.Remove(signal);
            _takenSignals.Add(signal.SignalNo);
            foreach (var wait in woken)
                _waits.Remove(wait.Wait.Execution);
            var result = WorkflowEngine.SignalResult(signal.Name, signal.DataJson);
            Record([.. woken.Select(wait => new Ended(wait.Wait.Execution, wait.Started, result, null, 1))], [signal.SignalNo]);
            return true;
        }

        if (NextDeadline() is not { } next || next.Wait.Until > _host.Clock.Now)
            return false;
        var tasks = next.Wait.Kind == "TIMEOUT" ? TasksBelow(next.Wait.Execution) : [];
        if (tasks.Count > 0 && _tasksReadAt != next.Wait.Execution)
        {
            ReadTasksAt(next.Wait.Execution);
            return true;
        }
        _waits.Remove(next.Wait.Execution);
        Record(
            [new Ended(next.Wait.Execution, next.Started, next.Wait.WhenDue, null, 1)], carry: next.Wait.Carry, expiredTasks: tasks);
        return true;
    }

    private OpenWait? NextDeadline() => _waits.Count == 0 ? null : _waits.Values
        .Where(wait => wait.Wait.Until is not null)
        .OrderBy(wait => wait.Wait.Until).ThenBy(wait => wait.Wait.Execution.Node)
        .ThenBy(wait => wait.Wait.Execution.Path, StringComparer.Ordinal)
        .FirstOrDefault();

    private void SetTimer()
    {
        var deadline = NextDeadline()?.Wait.Until;
        if (_isPaused || (deadline is null || _lingersUntil < deadline ? _lingersUntil : deadline) is not { } until)
            return;
        var delay = until - _host.Clock.Now;
        if (delay > LongestTimer)
            delay = LongestTimer;
        if (delay < TimeSpan.Zero)
            delay = TimeSpan.Zero;
        if (_timer is null)
            _timer = _host.Time.CreateTimer(_ => OnTimer(), null, delay, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_lock)
            Guard(DeliverOrPark);
    }

    /// <summary>There is nothing to do but wait: the instance becomes a row.</summary>
    private void Park()
    {
        _isParking = true;
        // An instance that yields its place is due at once, behind those that are due already.
        var due = _isPaused ? null : _isYielding ? _host.Clock.Now : NextDeadline()?.Wait.Until;
        var waits = WaitsJson.Write([.. _waits.Values.Select(wait => wait.Wait)], _isPaused);
        _host.Park(new ParkedInstance(Claim.InstanceNo, due, waits), recorded =>
        {
            lock (_lock)
            {
                _isParking = _isYielding = _shouldYield = false;
                if (_isOver)
                    return;
                if (recorded.IsWritten)
                    StopAll();
                MadeProgress();
            }
            if (recorded.Problem is { } problem)
            {
                FailBecauseNotRecorded(problem);
                return;
            }
            if (recorded.IsWritten)
                _host.Metrics.InstanceParked();
            if (recorded.IsWritten)
                _host.Remove(this);
            else
                _host.RequestUpdates(this);
        });
    }
}

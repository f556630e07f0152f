using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <summary>Time, signals, and being put aside.</summary>
internal sealed partial class InstanceFlow
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Dictionary<ExecutionKey, OpenWait> _waits = [];
    private readonly List<SignalRow> _signals = [];
    private readonly HashSet<ExecutionKey> _starting = []; // children
    private ITimer? _timer;
    private bool _parking;
    private bool _looksForNews;

    private sealed record OpenWait(Command.Wait Wait, DateTimeOffset Started, bool IsChild);

    /// <summary>Whether news of signals or children matter to the instance.</summary>
    public (string[] Signals, bool Children) WaitsFor()
    {
        lock (_lock)
            return ([.. _waits.Values.Select(wait => wait.Wait.Signal).OfType<string>().Distinct(StringComparer.Ordinal)], _waits.Values.Any(wait => wait.IsChild));
    }

    public bool WaitsForNews => WaitsFor() is not ([], false);

    /// <summary>What the database had to say.</summary>
    public void News(IReadOnlyList<SignalRow> signals, IReadOnlyList<ChildRow> children, bool paused)
    {
        lock (_lock)
        {
            if (_ended)
                return;
            Fenced(() =>
            {
                _paused = paused;
                if (!paused && !_parking)
                {
                    foreach (var command in _held)
                        Start(command, null);
                    _held.Clear();
                }
                _signals.Clear();
                _signals.AddRange(signals.Where(signal => !_takenSignals.Contains(signal.SignalNo)));
                foreach (var child in children.Where(child => child.HasEnded))
                {
                    if (!_waits.Remove(child.Execution, out var wait))
                        continue;
                    Record([EndOf(child, wait)]);
                    _looksForNews = true; // there may be more of them than come at a time
                }
                Settle();
            });
        }
    }

    /// <summary>A child is there, and may even have ended: parking the instance finds that out.</summary>
    public void ChildStarted(ExecutionKey execution)
    {
        lock (_lock)
        {
            _starting.Remove(execution);
            if (_ended)
                return;
            Fenced(() =>
            {
                if (!_waits.ContainsKey(execution))
                    _context.Children.Cancel(this, execution);
                Settle();
            });
        }
    }

    /// <summary>A child could not be started.</summary>
    public void ChildRefused(ExecutionKey execution, StepError error)
    {
        lock (_lock)
        {
            _starting.Remove(execution);
            Fenced(() =>
            {
                if (!_ended && _waits.Remove(execution, out var wait))
                    Record([new Ended(execution, wait.Started, null, error, 1)]);
                else
                    Settle();
            });
        }
    }

    private static Ended EndOf(ChildRow child, OpenWait wait) => child.Status == "completed"
        ? new Ended(child.Execution, wait.Started, new StepResult(child.ResultJson ?? "null", null), null, 1)
        : new Ended(child.Execution, wait.Started, null, ErrorJson.ReadChild(child), 1);

    /// <summary>Ends the next wait whose time, or signal, has come.</summary>
    private bool DeliverNext()
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

        if (NextDeadline() is not { } next || next.Wait.Until > _context.Clock.Now)
            return false;
        _waits.Remove(next.Wait.Execution);
        Record([new Ended(next.Wait.Execution, next.Started, next.Wait.WhenDue, null, 1)], carry: next.Wait.Carry);
        return true;
    }

    private OpenWait? NextDeadline() => _waits.Count == 0 ? null : _waits.Values
        .Where(wait => wait.Wait.Until is not null)
        .OrderBy(wait => wait.Wait.Until).ThenBy(wait => wait.Wait.Execution.Node).ThenBy(wait => wait.Wait.Execution.Path, StringComparer.Ordinal)
        .FirstOrDefault();

    private void SetTimer()
    {
        if (_paused || NextDeadline()?.Wait.Until is not { } until)
            return;
        var delay = until - _context.Clock.Now;
        if (delay > LongestTimer)
            delay = LongestTimer;
        if (delay < TimeSpan.Zero)
            delay = TimeSpan.Zero;
        if (_timer is null)
            _timer = _context.Time.CreateTimer(_ => OnTimer(), null, delay, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_lock)
            Fenced(Settle);
    }

    /// <summary>Nothing to do but to wait: the instance becomes a row.</summary>
    private void Park()
    {
        _parking = true;
        // One that gives way is due at once, behind those that are due already.
        var due = _paused ? null : _leaving ? _context.Clock.Now : NextDeadline()?.Wait.Until;
        var waits = WaitsJson.Write([.. _waits.Values.Select(wait => wait.Wait)], _paused);
        _context.Recorder.Park(new ParkedInstance(Claim.InstanceNo, due, waits), recorded =>
        {
            lock (_lock)
            {
                _parking = _leaving = _givesWay = false;
                if (_ended)
                    return;
                if (recorded.IsWritten)
                    StopAll();
                GotOn();
            }
            if (recorded.Problem is { } problem)
            {
                NotRecorded(problem);
                return;
            }
            if (recorded.IsWritten)
                _context.Metrics.InstanceParked();
            if (recorded.IsWritten)
                _context.Forget(this);
            else
                _context.Refresh(this);
        });
    }
}

using System.Globalization;
using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <summary>
/// An instance in this worker's hands: feeds the engine, and has its decisions carried out. Inputs are numbered when their commit is sent, and the engine takes them in that order,
/// so that folding the recorded ones gives the same state. The lock is held for computing only, never while anything is waited for.
/// </summary>
internal sealed partial class InstanceFlow
{
    private static readonly StepResult NoResult = new("null", null);

    private readonly Lock _lock = new();
    private readonly FlowContext _context;
    private readonly WorkflowState? _state;
    private readonly SortedDictionary<int, Checkpoint> _arrived = [];
    private readonly Dictionary<ExecutionKey, StepWork> _running = [];
    private readonly List<Command> _held = [];
    private int _seq;
    private int _taken;
    private bool _committing;
    private bool _ended;
    private bool _paused;
    private bool _isResuming;
    private bool _givesWay;
    private bool _leaving;

    public InstanceFlow(FlowContext context, ClaimedInstance claim, WorkflowState? state, int lastSeq)
    {
        (_context, Claim, _state, _paused) = (context, claim, state, claim.Paused);
        _seq = _taken = lastSeq;
        InHandSince = context.Time.GetTimestamp();
    }

    public ClaimedInstance Claim { get; }

    /// <summary>The deaths that its steps were under way at; NULL for an instance that was in no dead worker's hands.</summary>
    public IReadOnlyDictionary<ExecutionKey, int>? Suspects { get; init; }

    /// <summary>Now, by the database's clock.</summary>
    public DateTimeOffset Now => _context.Clock.Now;

    /// <summary>What the log may call a step: its name is its owner's to choose, but the beginning of its SQL may hold anything.</summary>
    public string LogName(ExecutionKey execution) => LogName(_state!.Graph.Nodes[execution.Node]);

    /// <summary>Whether a step is still wanted and under way.</summary>
    public bool Runs(StepWork work)
    {
        lock (_lock)
            return _running.TryGetValue(work.Execution, out var running) && running == work;
    }

    private static string LogName(Node node) => node.ResultName ?? $"{NodeKinds.Name(node.Kind)} {node.Id}";

    /// <summary>Whether a retry of the workflow's own encloses the step.</summary>
    public bool IsRetried(ExecutionKey execution)
    {
        for (var node = _state!.Graph.Nodes[execution.Node].Parent; node >= 0; node = _state.Graph.Nodes[node].Parent)
            if (IsRetry(node))
                return true;
        return false;
    }

    public bool IsRetry(int node) => _state!.Graph.Nodes[node].Kind == NodeKind.Retry;

    /// <summary>What telemetry may know of a step.</summary>
    public StepDescription Describe(Command command)
    {
        var node = _state!.Graph.Nodes[command.Execution.Node];
        return new StepDescription(NodeKinds.Name(node.Kind), Claim.Id, Claim.Workflow, node.ResultName, command.Execution, RetryAttempt(command.Execution));
    }

    // The innermost retry's part of the path: "12:3" is the third attempt of node 12.
    private int RetryAttempt(ExecutionKey execution)
    {
        foreach (var segment in execution.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            var colon = segment.IndexOf(':', StringComparison.Ordinal);
            if (IsRetry(int.Parse(segment.AsSpan(0, colon), CultureInfo.InvariantCulture)))
                return int.Parse(segment.AsSpan(colon + 1), CultureInfo.InvariantCulture);
        }
        return 1;
    }

    /// <summary>Sets about what is to be done.</summary>
    public void Begin(Decision decision)
    {
        lock (_lock)
        {
            Fenced(() =>
            {
                _isResuming = Suspects is not null;
                Apply(decision, null);
                _isResuming = false;
                Drain();
            });
        }
    }

    /// <summary>The instance was cancelled, or taken away, or is given back: nothing of it counts any more.</summary>
    public void Stop()
    {
        lock (_lock)
            StopAll();
    }

    /// <summary>A step has run and is to be committed. NULL when it is not wanted any more.</summary>
    public Deciding? Decide(StepWork work, StepResult result, bool mayGoOn)
    {
        lock (_lock)
        {
            if (_ended || !_running.ContainsKey(work.Execution))
                return null;
            var solo = _running.Count == 1 && _seq == _taken && !_parking;
            var input = new Checkpoint(work.Execution, _context.Clock.Now, result, null, work.Attempt);
            var seq = ++_seq;
            if (!solo)
                return new Deciding(seq, input, null, null);

            // The only thing under way: what follows is known before the commit, so that the instance's completion, or its next step, can ride along.
            try
            {
                var decision = WorkflowEngine.Advance(_state!, input);
                _committing = true;
                var next = mayGoOn && !_paused && !_givesWay ? OnlyStatement(decision) : null;
                if (next is not null)
                    _running[next.Execution] = next;
                return new Deciding(seq, input, decision, next);
            }
            catch (Exception e) when (e is not WorkerConnectionException)
            {
                Poison(e);
                return null;
            }
        }
    }

    /// <summary>The step has been committed.</summary>
    public void Committed(StepWork work, Deciding deciding)
    {
        lock (_lock)
        {
            try
            {
                GotOn();
                _running.Remove(work.Execution);
                if (deciding.Decision is not { } decision)
                {
                    _arrived.Add(deciding.Seq, deciding.Input);
                }
                else
                {
                    _committing = false;
                    _taken = deciding.Seq;
                    if (_ended)
                        return;
                    if (deciding.Completes is null)
                        Apply(decision, deciding.Next);
                    else
                        Finish(null);
                }
                Drain();
            }
            catch (Exception e) when (e is not WorkerConnectionException)
            {
                Poison(e);
            }
        }
    }

    /// <summary>A step was committed that has cancelled this instance.</summary>
    public void HasCancelledItself()
    {
        lock (_lock)
        {
            if (_ended)
                return;
            StopAll();
            Log.InstanceStopped(_context.Logger, Claim.Id);
            _context.Metrics.InstanceEnded(InstanceEnd.Cancelled);
            _context.Forget(this);
        }
    }

    /// <summary>A step that is wanted has failed.</summary>
    public void Failed(StepWork work, StepError error, DateTimeOffset started)
    {
        lock (_lock)
        {
            if (_ended || !_running.Remove(work.Execution))
                return;
            Fenced(() => Record([new Ended(work.Execution, started, null, error, Math.Max(work.Attempt, 1))]));
        }
    }

    /// <summary>A step that does not commit with its own effect has a result: a request was answered, a child has ended.</summary>
    public void Answered(StepWork work, StepResult result, DateTimeOffset started)
    {
        lock (_lock)
        {
            if (_ended || !_running.Remove(work.Execution))
                return;
            Fenced(() => Record([new Ended(work.Execution, started, result, null, Math.Max(work.Attempt, 1))]));
        }
    }

    /// <summary>
    /// The commit of a step whose consequences were already drawn has failed for good. The failure is recorded in its place, and the instance loaded again.
    /// </summary>
    public void FailedAtCommit(StepWork work, Deciding deciding, StepError error, DateTimeOffset started)
    {
        lock (_lock)
        {
            if (_ended)
                return;
            Fenced(() =>
            {
                var ended = new Ended(work.Execution, started, null, error, Math.Max(work.Attempt, 1));
                var record = new InstanceRecord(Claim.InstanceNo, [CheckpointOf(ended, deciding.Seq, _context.Clock.Now)], null, [], null);
                StopAll();
                _context.Recorder.Record(record, recorded =>
                {
                    if (recorded.Problem is { } problem)
                        NotRecorded(problem);
                    else
                        _context.Release(this, TimeSpan.Zero);
                });
            });
        }
    }

    /// <summary>Gives the instance back, to be claimed again after a delay.</summary>
    public void GiveBack(TimeSpan delay, bool evenIfEnded = false)
    {
        lock (_lock)
        {
            if (_ended && !evenIfEnded)
                return;
            IsPutAside |= evenIfEnded;
            StopAll();
        }
        _context.Release(this, delay);
    }

    // While it travels with the commit nothing else of the instance is looked after, so nothing else may be open: no deadline, no signal.
    private StepWork? OnlyStatement(Decision decision) =>
        _waits.Count == 0 && Claim.Database is null && decision is { Outcome: null, Stopped: [], Commands: [Command.RunSql statement] } ? new StepWork(this, statement) : null;

    private void Apply(Decision decision, StepWork? alreadyRunning)
    {
        foreach (var stopped in decision.Stopped)
        {
            if (_running.Remove(stopped, out var work))
                work.Stop();
            if (_waits.Remove(stopped, out var wait) && wait.IsChild && !_starting.Contains(stopped))
                _context.Children.Cancel(this, stopped);
        }
        foreach (var carry in decision.Carries)
            CarryOver(carry);
        if (decision.Outcome is { } outcome)
        {
            End(outcome);
            return;
        }
        if (_givesWay && alreadyRunning is null && MayLeave && decision.Commands.Any(IsWork))
            _leaving = true;
        foreach (var command in decision.Commands)
            Start(command, alreadyRunning);
    }

    private void Start(Command command, StepWork? alreadyRunning)
    {
        switch (command)
        {
            case Command.RunSql when alreadyRunning?.Execution == command.Execution:
                break;
            case Command.RunSql or Command.SendHttp or Command.StartChild when _paused || _leaving:
                _held.Add(command);
                break;
            case Command.RunSql run:
                _context.Values?.Passed(run.Sql.Length);
                var statement = new StepWork(this, command);
                _running.Add(command.Execution, statement);
                if (_isResuming)
                    _context.RunSuspect(statement, Suspects!.GetValueOrDefault(command.Execution));
                else
                    _context.Run(statement);
                break;
            case Command.SendHttp:
                var request = new StepWork(this, command);
                _running.Add(command.Execution, request);
                _context.Send(request);
                break;
            case Command.Wait wait:
                _waits.Add(command.Execution, new OpenWait(wait, _context.Clock.Now, false));
                _looksForNews |= wait.Signal is not null;
                break;
            case Command.StartChild child:
                var forChild = new Command.Wait(child.Execution, "CALL", null, null, NoResult, null);
                _waits.Add(command.Execution, new OpenWait(forChild, _context.Clock.Now, true));
                _starting.Add(command.Execution);
                _context.Children.Start(this, child);
                break;
            case Command.Refuse refuse:
                Record([new Ended(refuse.Execution, _context.Clock.Now, null, refuse.Error, 1)]);
                break;
        }
    }

    private void End(Outcome outcome)
    {
        StopAll();
        var (source, resultJson, error) = outcome switch
        {
            Outcome.Completed completed => (completed.Source, completed.Source is null ? completed.Result.Json : null, (StepError?)null),
            Outcome.Failed failed => (failed.Origin, null, failed.Error),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
        var node = source is { } at ? _state!.Graph.Nodes[at.Node] : null;
        var errorJson = error is null ? null : ErrorJson.Write(error, node, 1);
        RecordEnd(new OutcomeRecord(source, resultJson, errorJson), error is null ? null : (node is null ? null : LogName(node), error));
    }

    private void RecordEnd(OutcomeRecord outcome, (string? Step, StepError Error)? failure) =>
        _context.Recorder.Record(new InstanceRecord(Claim.InstanceNo, [], null, [], outcome), recorded =>
        {
            if (recorded.Problem is { } problem)
                NotRecorded(problem);
            else if (!recorded.IsWritten)
                _context.Release(this, TimeSpan.FromMilliseconds(100));
            else
                Finish(failure);
        });

    private void Finish((string? Step, StepError Error)? failure)
    {
        StopAll();
        if (failure is { } failed)
            Log.InstanceFailed(_context.Logger, Claim.Id, failed.Step ?? "(none)", failed.Error.SqlState);
        else
            Log.InstanceCompleted(_context.Logger, Claim.Id);
        _context.Metrics.InstanceEnded(failure is null ? InstanceEnd.Completed : InstanceEnd.Failed);
        _context.Forget(this);
    }

    private void StopAll()
    {
        _ended = true;
        LetGo();
        foreach (var work in _running.Values)
            work.Stop();
        _running.Clear();
        _waits.Clear();
        _timer?.Dispose();
        _timer = null;
    }

    /// <summary>Takes the inputs whose turn has come.</summary>
    private void Drain()
    {
        while (!_ended && !_committing && _arrived.Remove(_taken + 1, out var input))
        {
            _taken++;
            Apply(WorkflowEngine.Advance(_state!, input), null);
        }
        Settle();
    }

    /// <summary>With nothing on its way that would come back here, sees to what waits.</summary>
    private void Settle()
    {
        if (_ended || _committing || _parking || _seq != _taken)
            return;
        if (_leaving)
        {
            Park();
            return;
        }
        if (!_paused && DeliverNext())
            return;
        if (_running.Count + _starting.Count > 0)
            SetTimer();
        else
            Park();
        // A signal that was sent before anybody waited for it: parking finds it, but with something else under way the instance is not parked.
        if (_looksForNews && !_parking && !_ended)
            _context.Refresh(this);
        _looksForNews = false;
    }
}

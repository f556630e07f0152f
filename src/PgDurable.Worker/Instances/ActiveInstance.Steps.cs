using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <content>What the runners of its steps report.</content>
internal sealed partial class ActiveInstance
{
    /// <summary>Whether a step is still wanted and under way.</summary>
    public bool IsRunning(StepWork work)
    {
        lock (_lock)
            return _running.TryGetValue(work.Execution, out var running) && running == work;
    }

    /// <summary>
    /// Decides what follows from a step that has run and is about to be committed. Returns <c>null</c> if the step is no longer wanted.
    /// </summary>
    /// <param name="work">The step.</param>
    /// <param name="result">Its result.</param>
    /// <param name="mayContinue">Whether the runner could run the instance's next statement too.</param>
    public StepDecision? Decide(StepWork work, StepResult result, bool mayContinue)
    {
        lock (_lock)
        {
            if (_isOver || !_running.ContainsKey(work.Execution))
                return null;
            var isAlone = _running.Count == 1 && HasTakenAll && !_isParking;
            var input = new Checkpoint(work.Execution, _host.Clock.Now, result, null, work.Attempt);
            var seq = ++_lastNumbered;
            if (!isAlone)
                return new StepDecision(seq, input, null, null);

            // Nothing else is under way, so what follows is known before the commit: the instance's completion, or its next step, can ride
            // along.
            try
            {
                var decision = WorkflowEngine.Advance(_state!, input);
                _isCommitting = true;
                var next = mayContinue && !_isPaused && !_shouldYield ? OnlyStatement(decision) : null;
                if (next is not null)
                    _running[next.Execution] = next;
                return new StepDecision(seq, input, decision, next);
            }
            catch (Exception e) when (e is not WorkerConnectionException)
            {
                FailWithDefect(e);
                return null;
            }
        }
    }

    /// <summary>A step was committed.</summary>
    public void Committed(StepWork work, StepDecision decided)
    {
        lock (_lock)
        {
            try
            {
                MadeProgress();
                _running.Remove(work.Execution);
                if (decided.Decision is not { } decision)
                {
                    _pendingInputs.Add(decided.Seq, decided.Input);
                }
                else
                {
                    _isCommitting = false;
                    _lastTaken = decided.Seq;
                    if (_isOver)
                        return;
                    if (decided.Completes is null)
                        CarryOut(decision, decided.Next);
                    else
                        Finish(null);
                }
                TakeInputs();
            }
            catch (Exception e) when (e is not WorkerConnectionException)
            {
                FailWithDefect(e);
            }
        }
    }

    /// <summary>A step was committed that has cancelled this instance.</summary>
    public void HasCancelledItself()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            StopAll();
            Log.InstanceStopped(_host.Logger, Claim.Id);
            _host.Metrics.InstanceEnded(InstanceEnd.Cancelled);
            _host.Remove(this);
        }
    }

    /// <summary>A step has failed.</summary>
    public void Failed(StepWork work, StepError error, DateTimeOffset started)
    {
        lock (_lock)
        {
            if (_isOver || !_running.Remove(work.Execution))
                return;
            Guard(() => Record([new Ended(work.Execution, started, null, error, Math.Max(work.Attempt, 1))]));
        }
    }

    /// <summary>A step that doesn't commit together with its effect has a result.</summary>
    public void Answered(StepWork work, StepResult result, DateTimeOffset started)
    {
        lock (_lock)
        {
            if (_isOver || !_running.Remove(work.Execution))
                return;
            Guard(() => Record([new Ended(work.Execution, started, result, null, Math.Max(work.Attempt, 1))]));
        }
    }

    /// <summary>
    /// A request was answered, and the body of its response goes into a table: a statement that commits together with the checkpoint.
    /// </summary>
    public void WriteResponse(StepWork work) => _host.RunStatement(work);

    /// <summary>
    /// A step can never be committed, although the engine has drawn its conclusions. Records the failure in the place of the result, and
    /// has the instance loaded again.
    /// </summary>
    public void FailedAtCommit(StepWork work, StepDecision decided, StepError error, DateTimeOffset started)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            Guard(() =>
            {
                var ended = new Ended(work.Execution, started, null, error, Math.Max(work.Attempt, 1));
                var record = new InstanceRecord(Claim.InstanceNo, [CheckpointOf(ended, decided.Seq, _host.Clock.Now)], null, [], null);
                StopAll();
                _host.Record(record, recorded =>
                {
                    if (recorded.Problem is { } problem)
                        FailBecauseNotRecorded(problem);
                    else
                        _host.Requeue(this, TimeSpan.Zero);
                });
            });
        }
    }

    // While a statement travels with the commit, nobody looks after the rest of the instance. So no deadline and no signal may be open.
    private StepWork? OnlyStatement(Decision decision) =>
        _waits.Count == 0 && Claim.Database is null && decision is { Outcome: null, Stopped: [], Commands: [Command.RunSql statement] }
            ? new StepWork(this, statement)
            : null;
}

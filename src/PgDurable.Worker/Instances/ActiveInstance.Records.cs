using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <content>What is recorded without a step's commit.</content>
internal sealed partial class ActiveInstance
{
    // Somebody else had the row locked, or has the instance.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<long> _takenSignals = [];

    private readonly record struct Ended(ExecutionKey Execution, DateTimeOffset Started, StepResult? Result, StepError? Error, int Attempt);

    private void Record(
        IReadOnlyList<Ended> ends, IReadOnlyList<long>? signals = null, Carry? carry = null,
        IReadOnlyList<ExecutionKey>? endedTasks = null, IReadOnlyList<ExecutionKey>? expiredTasks = null)
    {
        var at = _host.Clock.Now;
        var isAlone = ends.Count == 1 && _running.Count == 0 && HasTakenAll && !_isParking && !_isPaused && !_shouldYield;
        var first = _lastNumbered + 1;
        _lastNumbered += ends.Count;
        var decision = isAlone ? DecideAhead(InputOf(ends[0], at)) : null;
        var rows = ends.Select((ended, i) => CheckpointOf(ended, first + i, at)).ToList();
        var record = new InstanceRecord(Claim.InstanceNo, rows, carry, signals ?? [], null)
        {
            StartedTasks = decision is null ? [] : TasksOf(decision),
            EndedTasks = [.. endedTasks ?? [], .. (decision?.Stopped ?? []).Where(IsTask)],
            ExpiredTasks = expiredTasks ?? [],
        };
        _host.Record(record, recorded =>
        {
            if (recorded.Problem is { } problem)
            {
                FailBecauseNotRecorded(problem);
                return;
            }
            if (!recorded.IsWritten)
            {
                Requeue(RetryAfter);
                return;
            }
            lock (_lock)
            {
                Guard(() =>
                {
                    MadeProgress();
                    for (var i = 0; decision is null && i < ends.Count; i++)
                        _pendingInputs.Add(first + i, InputOf(ends[i], at));
                    if (decision is not null)
                    {
                        _isCommitting = false;
                        _lastTaken = first;
                        if (!_isOver)
                            CarryOut(decision, null, areTasksRecorded: true);
                    }
                    TakeInputs();
                });
            }
        });
    }

    /// <summary>
    /// Nothing else is under way, so what follows is known before the end is recorded: the tasks that follow are made in the same write.
    /// </summary>
    private Decision DecideAhead(Checkpoint input)
    {
        _isCommitting = true;
        return WorkflowEngine.Advance(_state!, input);
    }

    private static Checkpoint InputOf(in Ended ended, DateTimeOffset at) =>
        new(ended.Execution, at, ended.Result, ended.Error, ended.Attempt);

    /// <summary>
    /// Puts the carried state in the place of the input that the iteration ended with, its number included: the next number may belong to
    /// what stopped the loop. The engine needs no answer. It has continued already, and would come to the same point without this row.
    /// </summary>
    private void RecordCarry(Carry carry)
    {
        var at = _host.Clock.Now;
        var row = CheckpointOf(new Ended(carry.Iteration, at, carry.State, null, 1), _lastTaken, at);
        RecordAside(new InstanceRecord(Claim.InstanceNo, [row], carry, [], null));
    }

    /// <summary>Records what the engine doesn't wait for.</summary>
    private void RecordAside(InstanceRecord record) => _host.Record(record, recorded =>
    {
        if (recorded.Problem is { } problem)
            FailBecauseNotRecorded(problem);
        else if (!recorded.IsWritten)
            Requeue(RetryAfter);
    });

    private CheckpointRecord CheckpointOf(in Ended ended, int seq, DateTimeOffset at) => new(
        ended.Execution, seq, ended.Attempt, ended.Started, at, ended.Result?.Json, ResultColumns.Serialize(ended.Result?.Columns),
        ended.Error is null ? null : ErrorJson.Write(ended.Error, _state!.Graph.Nodes[ended.Execution.Node], ended.Attempt));
}

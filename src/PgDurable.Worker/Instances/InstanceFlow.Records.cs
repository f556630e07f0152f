using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <summary>What is recorded without a step's commit.</summary>
internal sealed partial class InstanceFlow
{
    private readonly HashSet<long> _takenSignals = [];

    private readonly record struct Ended(ExecutionKey Execution, DateTimeOffset Started, StepResult? Result, StepError? Error, int Attempt);

    private void Record(IReadOnlyList<Ended> ends, IReadOnlyList<long>? signals = null, Carry? carry = null)
    {
        var at = _context.Clock.Now;
        var first = _seq + 1;
        _seq += ends.Count;
        var rows = ends.Select((ended, i) => CheckpointOf(ended, first + i, at)).ToList();
        _context.Recorder.Record(new InstanceRecord(Claim.InstanceNo, rows, carry, signals ?? [], null), recorded =>
        {
            if (recorded.Problem is { } problem)
            {
                NotRecorded(problem);
                return;
            }
            if (!recorded.IsWritten)
            {
                GiveBack(TimeSpan.FromMilliseconds(100));
                return;
            }
            lock (_lock)
            {
                Fenced(() =>
                {
                    GotOn();
                    for (var i = 0; i < ends.Count; i++)
                        _arrived.Add(first + i, new Checkpoint(ends[i].Execution, at, ends[i].Result, ends[i].Error, ends[i].Attempt));
                    Drain();
                });
            }
        });
    }

    /// <summary>
    /// Puts the carried state in the place of the input that the iteration has ended with, its number included: what was numbered next may have stopped the loop. The engine needs no
    /// answer: it has gone on already, and would come to the same point without this row.
    /// </summary>
    private void CarryOver(Carry carry)
    {
        var at = _context.Clock.Now;
        var row = CheckpointOf(new Ended(carry.Iteration, at, carry.State, null, 1), _taken, at);
        _context.Recorder.Record(new InstanceRecord(Claim.InstanceNo, [row], carry, [], null), recorded =>
        {
            if (recorded.Problem is { } problem)
                NotRecorded(problem);
            else if (!recorded.IsWritten)
                GiveBack(TimeSpan.FromMilliseconds(100));
        });
    }

    private CheckpointRecord CheckpointOf(in Ended ended, int seq, DateTimeOffset at) => new(
        ended.Execution, seq, ended.Attempt, ended.Started, at, ended.Result?.Json, ResultColumns.Serialize(ended.Result?.Columns),
        ended.Error is null ? null : ErrorJson.Write(ended.Error, _state!.Graph.Nodes[ended.Execution.Node], ended.Attempt));
}

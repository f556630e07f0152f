using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;

namespace PgDurable.Testing.Running;

/// <summary>An instance, as the tables of the database hold it, and the hands that it is in.</summary>
internal sealed class VirtualInstance(long no, string workflow, WorkflowGraph graph, InstanceFacts facts, DateTimeOffset startedAt)
{
    private readonly List<CheckpointRecord> _checkpoints = [];
    private readonly HashSet<ExecutionKey> _executions = [];

    public long No => no;

    /// <summary>Its name; empty for a graph without one.</summary>
    public string Workflow => workflow;

    public int? Version { get; init; }

    /// <summary>The graph as it was given.</summary>
    public required string GraphJson { get; init; }

    public WorkflowGraph Graph => graph;

    public InstanceFacts Facts => facts;

    public DateTimeOffset StartedAt => startedAt;

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The rows, in the order in which the engine took them.</summary>
    public IReadOnlyList<CheckpointRecord> Checkpoints => _checkpoints;

    public List<SignalRow> Signals { get; } = [];

    /// <summary>Children that were asked for, by the step that asked.</summary>
    public Dictionary<ExecutionKey, VirtualChild> Children { get; } = [];

    public VirtualInstance? Parent { get; init; }

    public ExecutionKey ParentExecution { get; init; }

    public WorkflowStatus Status { get; private set; } = WorkflowStatus.Running;

    public bool HasEnded => EndedAt is not null;

    /// <summary>The error as it is stored; null when there is none.</summary>
    public string? ErrorJson { get; private set; }

    /// <summary>The result; null when there is none.</summary>
    public string? ResultJson { get; private set; }

    /// <summary>The execution that decided the end.</summary>
    public ExecutionKey? Source { get; private set; }

    /// <summary>In the worker's hands; null while it is a row only.</summary>
    public ActiveInstance? InHand { get; set; }

    /// <summary>
    /// The state that the recorded inputs give; null when a crash has lost it. A real worker folds them each time it takes an instance;
    /// with a loop's many rounds that is most of the
    /// work, so it is done after a crash only.
    /// </summary>
    public WorkflowState? State { get; set; }

    /// <summary>What it waits for while it is a row only.</summary>
    public ParkedInstance? Parked { get; set; }

    /// <summary>Whether it was in hand before.</summary>
    public bool IsResumed { get; set; }

    public int LastSeq => _checkpoints.Count == 0 ? 0 : _checkpoints[^1].Seq;

    /// <summary>Does what df._worker_record does.</summary>
    public void Apply(InstanceRecord record, DateTimeOffset at)
    {
        if (record.Carry is { } carry)
            Forget(carry);
        foreach (var row in record.Checkpoints)
            Add(row);
        Signals.RemoveAll(signal => record.TakenSignals.Contains(signal.SignalNo));
        if (record.Outcome is { } outcome)
            End(outcome, at);
    }

    public void Add(CheckpointRecord row)
    {
        if (!_executions.Add(row.Execution))
            throw new InvalidOperationException($"Node {row.Execution.Node} at '{row.Execution.Path}' was recorded twice.");
        _checkpoints.Insert(_checkpoints.FindLastIndex(other => other.Seq <= row.Seq) + 1, row);
    }

    public void End(OutcomeRecord outcome, DateTimeOffset at)
    {
        EndedAt = at;
        Status = outcome.Error is null ? WorkflowStatus.Completed : WorkflowStatus.Failed;
        (ErrorJson, Source) = (outcome.Error, outcome.Source);
        ResultJson = outcome.Error is not null ? null
            : outcome.ResultJson ?? _checkpoints.Single(row => row.Execution == outcome.Source).ResultJson;
    }

    public void Cancel(string errorJson, DateTimeOffset at) => (EndedAt, Status, ErrorJson) = (at, WorkflowStatus.Cancelled, errorJson);

    private void Forget(Carry carry)
    {
        var path = carry.Iteration.Path;
        _checkpoints.RemoveAll(row =>
        {
            var isOfIteration = row.Execution.Node >= carry.FirstNode && row.Execution.Node <= carry.LastNode
                && (row.Execution.Path == path || row.Execution.Path.StartsWith(path + "/", StringComparison.Ordinal));
            if (!isOfIteration && !(carry.DropPath is { } old && row.Execution == new ExecutionKey(carry.Iteration.Node, old)))
                return false;
            return _executions.Remove(row.Execution);
        });
    }
}

/// <summary>A child of an instance: one that runs, or an end that the test has given.</summary>
/// <param name="Instance">The one that runs; null when it only has an end.</param>
/// <param name="Row">The end, if it came from the test.</param>
internal sealed record VirtualChild(VirtualInstance? Instance, ChildRow? Row)
{
    public ChildRow ToRow(ExecutionKey execution) => Row ?? new ChildRow(
        execution, Instance!.Facts.Id, Instance.HasEnded ? Instance.Status.ToString().ToLowerInvariant()
            : "running", Instance.ResultJson, Instance.ErrorJson);
}

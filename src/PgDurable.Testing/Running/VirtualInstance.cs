using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;

namespace PgDurable.Testing.Running;

/// <summary>An instance: its rows in the database's tables, and its state in the worker.</summary>
internal sealed class VirtualInstance(long no, string workflow, WorkflowGraph graph, InstanceFacts facts, DateTimeOffset startedAt)
{
    private readonly List<CheckpointRecord> _checkpoints = [];
    private readonly HashSet<ExecutionKey> _executions = [];
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    public long No => no;

    /// <summary>The workflow's name. Empty for a graph without a name.</summary>
    public string Workflow => workflow;

    public int? Version { get; init; }

    /// <summary>The original text of the graph.</summary>
    public required string GraphJson { get; init; }

    public WorkflowGraph Graph => graph;

    public InstanceFacts Facts => facts;

    public DateTimeOffset StartedAt => startedAt;

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The checkpoints, in the order in which the engine processed them.</summary>
    public IReadOnlyList<CheckpointRecord> Checkpoints => _checkpoints;

    public List<SignalRow> Signals { get; } = [];

    /// <summary>The children, by the execution that called them.</summary>
    public Dictionary<ExecutionKey, VirtualChild> Children { get; } = [];

    /// <summary>The tasks whose ends the instance hasn't taken, by the execution that waits for them.</summary>
    public Dictionary<ExecutionKey, VirtualTask> Tasks { get; } = [];

    public VirtualInstance? Parent { get; init; }

    public ExecutionKey ParentExecution { get; init; }

    public WorkflowStatus Status { get; private set; } = WorkflowStatus.Running;

    public bool HasEnded => EndedAt is not null;

    /// <summary>The stored error, or null if there is none.</summary>
    public string? ErrorJson { get; private set; }

    /// <summary>The result, or null if there is none.</summary>
    public string? ResultJson { get; private set; }

    /// <summary>What it last published, or null if it published nothing.</summary>
    public string? PublishedJson { get; set; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags => _tags;

    /// <summary>The execution that decided the outcome.</summary>
    public ExecutionKey? Source { get; private set; }

    /// <summary>The worker's object for the instance, or null while the worker doesn't hold it.</summary>
    public ActiveInstance? InHand { get; set; }

    /// <summary>
    /// The state that results from the recorded inputs, or null if a crash lost it. A real worker folds the inputs each time it claims an
    /// instance. With many loop iterations, that would be most of the work, so it is done here only after a crash.
    /// </summary>
    public WorkflowState? State { get; set; }

    /// <summary>What the instance waits for while the worker doesn't hold it.</summary>
    public ParkedInstance? Parked { get; set; }

    /// <summary>Whether the worker has held it before.</summary>
    public bool IsResumed { get; set; }

    /// <summary>Whether it was canceled, and undoes its steps.</summary>
    public bool IsUndoing { get; set; }

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

    /// <summary>Sets a tag, or removes it if the value is null.</summary>
    public void Tag(string key, string? value)
    {
        if (value is null)
            _tags.Remove(key);
        else
            _tags[key] = value;
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
        Status = outcome.Error is null ? WorkflowStatus.Completed
            : outcome.IsCanceled ? WorkflowStatus.Cancelled : WorkflowStatus.Failed;
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

/// <summary>A child of an instance: a running one, or an outcome that the test supplied.</summary>
/// <param name="Instance">The running instance, or null if there is only an outcome.</param>
/// <param name="Row">The outcome that the test supplied, or null.</param>
internal sealed record VirtualChild(VirtualInstance? Instance, ChildRow? Row)
{
    public ChildRow ToRow(ExecutionKey execution) => Row ?? new ChildRow(
        execution, Instance!.Facts.Id, Instance.HasEnded ? Instance.Status.ToString().ToLowerInvariant()
            : "running", Instance.ResultJson, Instance.ErrorJson);
}

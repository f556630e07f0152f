using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>The live state of one instance. Only <see cref="WorkflowEngine"/> changes it; folding the checkpoints restores it.</summary>
internal sealed class WorkflowState
{
    /// <param name="graph">The graph.</param>
    /// <param name="facts">What is known of the instance from its start on.</param>
    public WorkflowState(WorkflowGraph graph, InstanceFacts facts)
    {
        (Graph, Facts) = (graph, facts);
        // Binding an equal result again is a change too: a loop carries what it has bound.
        var names = ImmutableDictionary.Create<string, StepResult>(StringComparer.Ordinal, ReferenceEqualityComparer.Instance);
        // A label may come from an application's user. {sys_label} inserts it letter for letter; $sys_label is a value.
        names = names.Add("sys_instance_id", Text(facts.Id)).Add("sys_label", Text(facts.Label));
        Root = new Scope(facts.InputJson is null ? names : names.Add("input", new StepResult(facts.InputJson, null)));
    }

    public WorkflowGraph Graph { get; }

    public InstanceFacts Facts { get; }

    /// <summary>The names outside of all branches.</summary>
    public Scope Root { get; private set; }

    /// <summary>The undos of steps outside of all TRYs.</summary>
    public UndoStack Undos { get; } = new();

    /// <summary>Commands that have not ended, in the order in which they were issued.</summary>
    public OrderedDictionary<ExecutionKey, OpenCommand> InFlight { get; } = [];

    /// <summary>The loops that are running.</summary>
    public Dictionary<ExecutionKey, Frame> Loops { get; } = [];

    /// <summary>When the last input came. Deadlines count from it. The clock may have been set back since the input before.</summary>
    public DateTimeOffset At
    {
        get;
        set
        {
            field = value;
            Saw(value);
        }
    }

    /// <summary>
    /// What waits count from: the last input, or later the retry or the fork. Whatever waited before that has ended, or waits again.
    /// </summary>
    public DateTimeOffset WaitsBegin => Facts.ResumedAt is { } resumed && resumed > At ? resumed : At;

    /// <summary>The latest moment so far. It never goes back, so it tells which of two steps came later.</summary>
    public DateTimeOffset Latest { get; private set; }

    /// <summary>The number of inputs so far.</summary>
    public long Inputs { get; set; }

    /// <summary>How the instance ends once all undos have run.</summary>
    public Outcome.Failed? Failing { get; set; }

    /// <summary>Whether an undo has started.</summary>
    public bool HasUndone { get; set; }

    public Outcome? Outcome { get; set; }

    /// <summary>
    /// Collects the numbers of the nodes that begin, for callers that want to know what a run reached; otherwise null. It affects no
    /// decision.
    /// </summary>
    public HashSet<int>? Begun { get; init; }

    /// <summary>
    /// Collects how executions ended, for callers that compare it with something else; otherwise null. It affects no decision.
    /// </summary>
    public Dictionary<ExecutionKey, End>? Ends { get; init; }

    /// <summary>The instance begins.</summary>
    public void Begin(DateTimeOffset at)
    {
        At = at;
        var moment = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'+00:00'", CultureInfo.InvariantCulture);
        Root = new Scope(Root.Names.SetItem("sys_started_at", Text(moment)));
    }

    public void Saw(DateTimeOffset moment)
    {
        if (moment > Latest)
            Latest = moment;
    }

    private static StepResult Text(string? value) => new(value is null ? "null" : $"\"{JsonEncodedText.Encode(value)}\"", null);
}

/// <summary>A command, and the execution that it is for.</summary>
internal sealed record OpenCommand(Command Command, Frame Frame);

using System.Collections.Immutable;
using System.Text.Json;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>The live state of one instance. Only <see cref="WorkflowEngine"/> changes it; folding the checkpoints gives it again.</summary>
internal sealed class WorkflowState
{
    /// <param name="graph">The graph.</param>
    /// <param name="facts">What is known of the instance from its start on.</param>
    public WorkflowState(WorkflowGraph graph, InstanceFacts facts)
    {
        (Graph, Facts) = (graph, facts);
        // Binding an equal result anew is a change too: what a loop has bound is what it carries.
        var names = ImmutableDictionary.Create<string, StepResult>(StringComparer.Ordinal, ReferenceEqualityComparer.Instance);
        // A label may come from whoever uses an application. {sys_label} puts it in letter for letter; $sys_label is a value.
        names = names.Add("sys_instance_id", Text(facts.Id)).Add("sys_label", Text(facts.Label));
        Root = new Scope(facts.InputJson is null ? names : names.Add("input", new StepResult(facts.InputJson, null)));

        static StepResult Text(string? value) => new(value is null ? "null" : $"\"{JsonEncodedText.Encode(value)}\"", null);
    }

    public WorkflowGraph Graph { get; }

    public InstanceFacts Facts { get; }

    /// <summary>The names outside of all branches.</summary>
    public Scope Root { get; }

    /// <summary>The undos of steps outside of all TRYs.</summary>
    public UndoStack Undos { get; } = new();

    /// <summary>What was decided and has not ended, in the order of the decisions.</summary>
    public OrderedDictionary<ExecutionKey, OpenCommand> InFlight { get; } = [];

    /// <summary>The loops that are going round.</summary>
    public Dictionary<ExecutionKey, Frame> Loops { get; } = [];

    /// <summary>When the last input came, by a clock that may have been put back since the one before: what deadlines count from.</summary>
    public DateTimeOffset At
    {
        get;
        set
        {
            field = value;
            Saw(value);
        }
    }

    /// <summary>The latest moment so far. It never goes back, so it tells which of two steps was later.</summary>
    public DateTimeOffset Latest { get; private set; }

    /// <summary>How many inputs there were.</summary>
    public long Inputs { get; set; }

    /// <summary>How the instance ends once all undos have run.</summary>
    public Outcome.Failed? Failing { get; set; }

    /// <summary>Whether an undo has been begun.</summary>
    public bool HasUndone { get; set; }

    public Outcome? Outcome { get; set; }

    /// <summary>Collects the numbers of the nodes that begin, for whoever wants to know what a run has reached; NULL when nobody does. Decides nothing.</summary>
    public HashSet<int>? Begun { get; init; }

    /// <summary>Collects how executions have ended, for whoever wants to hold something else against it; null when nobody does. Decides nothing.</summary>
    public Dictionary<ExecutionKey, End>? Ends { get; init; }

    public void Saw(DateTimeOffset moment)
    {
        if (moment > Latest)
            Latest = moment;
    }
}

/// <summary>A command, and the execution that it is for.</summary>
internal sealed record OpenCommand(Command Command, Frame Frame);

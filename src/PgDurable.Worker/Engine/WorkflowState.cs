using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>The live state of one instance. Only <see cref="WorkflowEngine"/> changes it; folding the checkpoints gives it again.</summary>
internal sealed class WorkflowState
{
    public WorkflowState(WorkflowGraph graph, string? inputJson)
    {
        Graph = graph;
        if (inputJson is not null) Names.Add("input", new StepResult(inputJson, null));
    }

    public WorkflowGraph Graph { get; }

    /// <summary>Named results bound so far, and the input.</summary>
    public Dictionary<string, StepResult> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Steps that were decided and whose end is not yet known.</summary>
    public Dictionary<ExecutionKey, Command> InFlight { get; } = [];

    public Outcome? Outcome { get; set; }
}

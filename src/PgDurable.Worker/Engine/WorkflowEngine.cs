using System.Collections.Immutable;
using PgDurable.Graph;
using PgDurable.Worker.Engine.Nodes;

namespace PgDurable.Worker.Engine;

/// <summary>
/// Decides what an instance does next. A pure function of the graph, the input and the results so far: no clock, no I/O, no randomness, so that
/// replaying checkpoints leads to the same decisions.
/// </summary>
internal sealed class WorkflowEngine
{
    private readonly WorkflowState _state;
    private readonly ImmutableArray<Command>.Builder _commands = ImmutableArray.CreateBuilder<Command>();

    private WorkflowEngine(WorkflowState state) => _state = state;

    /// <summary>The first decision of a new instance.</summary>
    public static Decision Start(WorkflowState state)
    {
        var engine = new WorkflowEngine(state);
        engine.Begin(new ExecutionKey(0, ""));
        return engine.Decide();
    }

    /// <summary>What follows when a step that is in flight completes.</summary>
    /// <exception cref="InvalidOperationException">The execution is not in flight.</exception>
    public static Decision Advance(WorkflowState state, Checkpoint completed)
    {
        if (!state.InFlight.Remove(completed.Execution))
            throw new InvalidOperationException($"Execution {completed.Execution} is not in flight.");
        var engine = new WorkflowEngine(state);
        engine.Complete(completed.Execution, completed.Result, completed.Execution);
        return engine.Decide();
    }

    /// <summary>Brings a new state to where the checkpoints had brought the old one; the decision is what was still to be done.</summary>
    public static Decision Recover(WorkflowState state, IEnumerable<Checkpoint> checkpoints)
    {
        var recorded = checkpoints.ToDictionary(c => c.Execution);
        var open = new Queue<Command>(Start(state).Commands);
        var commands = ImmutableArray.CreateBuilder<Command>();
        while (open.TryDequeue(out var command))
        {
            if (!recorded.TryGetValue(command.Execution, out var checkpoint))
                commands.Add(command);
            else
                foreach (var next in Advance(state, checkpoint).Commands) open.Enqueue(next);
        }
        return new Decision(state.Outcome is null ? commands.ToImmutable() : [], state.Outcome);
    }

    /// <summary>Starts an execution of a node.</summary>
    internal void Begin(ExecutionKey execution)
    {
        switch (_state.Graph.Nodes[execution.Node].Kind)
        {
            case NodeKind.Sql: SqlRule.Begin(this, _state, execution); break;
            case NodeKind.Then: ThenRule.Begin(this, _state, execution); break;
        }
    }

    /// <summary>Ends an execution of a node with a result, which is recorded in the checkpoint of <paramref name="source"/>.</summary>
    internal void Complete(ExecutionKey execution, StepResult result, ExecutionKey source)
    {
        var node = _state.Graph.Nodes[execution.Node];
        if (node.ResultName is { } name) _state.Names[name] = result;
        if (node.Parent < 0)
        {
            _state.Outcome = new Outcome.Completed(source);
            return;
        }
        var parent = execution with { Node = node.Parent };
        switch (_state.Graph.Nodes[parent.Node].Kind)
        {
            case NodeKind.Sql: throw new InvalidOperationException($"SQL node {parent.Node} has a child.");
            case NodeKind.Then: ThenRule.ChildCompleted(this, _state, parent, execution, result, source); break;
        }
    }

    /// <summary>Asks for a statement to be run.</summary>
    internal void Issue(Command command)
    {
        _state.InFlight.Add(command.Execution, command);
        _commands.Add(command);
    }

    /// <summary>Ends an execution of a node with an error; nothing catches it, so the instance fails.</summary>
    internal void Fail(ExecutionKey execution, StepError error) => _state.Outcome ??= new Outcome.Failed(execution, error);

    private Decision Decide() => new(_state.Outcome is null ? _commands.ToImmutable() : [], _state.Outcome);
}

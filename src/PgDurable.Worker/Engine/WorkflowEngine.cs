using System.Collections.Immutable;
using System.Text.Json;
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
    /// <param name="state">A new state.</param>
    /// <param name="at">When the instance was first claimed, by the database's clock.</param>
    public static Decision Start(WorkflowState state, DateTimeOffset at)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(at, default);
        var engine = new WorkflowEngine(state);
        engine.Begin(new ExecutionKey(0, ""));
        return engine.Decide();
    }

    /// <summary>What follows when an execution that is in flight ends.</summary>
    public static Decision Advance(WorkflowState state, Checkpoint input)
    {
        var engine = new WorkflowEngine(state);
        if (state.InFlight.Remove(input.Execution))
        {
            if (input.Error is { } error) engine.Fail(input.Execution, error);
            else engine.Complete(input.Execution, input.Result!, input.Execution);
        }
        return engine.Decide();
    }

    /// <summary>Brings a new state to where the checkpoints had brought the old one; the decision is what was still to be done.</summary>
    public static Decision Recover(WorkflowState state, DateTimeOffset startedAt, IReadOnlyList<Checkpoint> inSeqOrder)
    {
        Start(state, startedAt);
        foreach (var input in inSeqOrder) Advance(state, input);
        return new Decision(state.Outcome is null ? [.. state.InFlight.Values] : [], [], [], state.Outcome);
    }

    /// <summary>The result of a wait that a signal has ended.</summary>
    public static StepResult SignalResult(string name, string dataJson) =>
        new($$"""{"signal_name":"{{JsonEncodedText.Encode(name)}}","timed_out":false,"data":{{dataJson}}}""", null);

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
            _state.Outcome = new Outcome.Completed(source, result);
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
    internal void Fail(ExecutionKey execution, StepError error) => _state.Outcome ??= new Outcome.Failed(execution, error, [execution]);

    private Decision Decide() => new(_state.Outcome is null ? _commands.ToImmutable() : [], [], [], _state.Outcome);
}

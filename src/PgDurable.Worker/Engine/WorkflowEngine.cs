using System.Collections.Immutable;
using PgDurable.Graph;
using PgDurable.Worker.Engine.Nodes;

namespace PgDurable.Worker.Engine;

/// <summary>
/// Decides what an instance does next. A pure function of the graph, the facts about the instance, and the inputs so far: no clock, no
/// I/O, no randomness, so that folding the recorded inputs leads to the same decisions.
/// </summary>
internal sealed partial class WorkflowEngine
{
    private readonly ImmutableArray<Command>.Builder _commands = ImmutableArray.CreateBuilder<Command>();
    private readonly ImmutableArray<ExecutionKey>.Builder _stopped = ImmutableArray.CreateBuilder<ExecutionKey>();
    private readonly ImmutableArray<Carry>.Builder _carries = ImmutableArray.CreateBuilder<Carry>();

    private WorkflowEngine(WorkflowState state) => State = state;

    internal WorkflowState State { get; }

    /// <summary>The first decision of a new instance.</summary>
    /// <param name="state">A new state.</param>
    /// <param name="at">When the instance was first claimed, by the database's clock.</param>
    public static Decision Start(WorkflowState state, DateTimeOffset at)
    {
        state.Begin(at);
        var engine = new WorkflowEngine(state);
        engine.Begin(0, "", null, state.Root);
        return engine.Decide();
    }

    /// <summary>Decides what follows from an input. An input for an execution that is no longer in flight changes nothing.</summary>
    public static Decision Advance(WorkflowState state, Checkpoint input)
    {
        var engine = new WorkflowEngine(state);
        if (state.Outcome is not null)
            return engine.Decide();
        state.At = input.At;
        state.Inputs++;
        if (state.InFlight.Remove(input.Execution, out var open))
            engine.End(open.Frame, input);
        else
            LoopRule.Restore(engine, input);
        return engine.Decide();
    }

    /// <summary>Brings a new state to where the inputs left the old one. The decision is what still had to be done.</summary>
    public static Decision Recover(WorkflowState state, DateTimeOffset startedAt, IReadOnlyList<Checkpoint> inSeqOrder)
    {
        var last = Start(state, startedAt);
        foreach (var input in inSeqOrder)
            last = Advance(state, input);
        return Recovered(state, last);
    }

    /// <summary>The same for inputs that come one by one: what still had to be done after the last one.</summary>
    /// <param name="state">The state that the inputs led to.</param>
    /// <param name="last">The decision that followed from the last input.</param>
    public static Decision Recovered(WorkflowState state, Decision last)
    {
        // A carry is written after the input that it belongs to. If a crash lost it, ask for it again, unless another input
        // has come since.
        return new Decision(
            state.Outcome is null ? [.. state.InFlight.Values.Select(open => open.Command)] : [], [],
            state.Outcome is null ? last.Carries : [], state.Outcome);
    }

    /// <summary>The result of a wait that a signal ended.</summary>
    public static StepResult SignalResult(string name, string dataJson) => SignalRule.Result(name, false, dataJson);

    /// <summary>Ends an execution with a result.</summary>
    internal void Complete(Frame frame, StepResult result, ExecutionKey? source)
    {
        if (frame.Node.ResultName is { } name)
            frame.Scope.Bind(name, result);
        End(frame, new End.Completed(result, source));
    }

    /// <summary>Ends an execution with its own error.</summary>
    internal void Fail(Frame frame, StepError error, int attempts = 1) =>
        End(frame, new End.Failed(new Failure(error, frame.Key, attempts, [frame.Key])));

    /// <summary>Issues a command. Its end comes back as an input for the command's execution.</summary>
    internal void Issue(Frame frame, Command command)
    {
        State.InFlight.Add(command.Execution, new OpenCommand(command, frame));
        _commands.Add(command);
    }

    /// <summary>
    /// Asks to record the failure of something that could not even be run, so that users see it. It takes effect once it is recorded.
    /// </summary>
    internal void Refuse(Frame frame, StepError error) =>
        Issue(frame, new Command.Refuse(frame.Key, error with { IsFatal = LoopRule.GoesOn(frame) }));

    internal void Emit(Carry carry) => _carries.Add(carry);

    /// <summary>Ends an execution and everything below it, without telling the node above.</summary>
    internal void Stop(Frame frame)
    {
        frame.IsClosed = true;
        State.Loops.Remove(frame.Key);
        foreach (var child in frame.Children)
            Stop(child);
        frame.Children.Clear();
        // What its steps did stands; it is undone if the outer scope fails.
        UndosIn(frame)?.MoveTo(UndosOf(frame));
        Forget(frame.Key);
        if (frame.OwnWait is { } wait)
            Forget(wait);
    }

    /// <summary>Withdraws a command that nobody waits for anymore.</summary>
    internal void Forget(ExecutionKey execution)
    {
        if (State.InFlight.Remove(execution))
            _stopped.Add(execution);
    }

    /// <summary>The undos of the scope that an execution belongs to: the nearest body whose failure is handled, or the instance.</summary>
    internal UndoStack UndosOf(Frame frame)
    {
        for (var (child, parent) = (frame, frame.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
            if (child.Node.Number == parent.Node.Left && UndosIn(parent) is { } undos)
                return undos;
        return State.Undos;
    }

    /// <summary>The undos of a node that handles its body's failure.</summary>
    internal static UndoStack? UndosIn(Frame frame) => frame.State switch
    {
        TryRule.Memory memory => memory.Undos,
        LoopMemory memory when LoopRule.ContinuesOnFailure(frame) => memory.Undos,
        _ => null,
    };

    private void End(Frame frame, Checkpoint input)
    {
        switch (frame.Node.Kind)
        {
            case NodeKind.Timeout when input.Error is null:
                TimeoutRule.Expired(this, frame);
                return;
            case NodeKind.Retry:
                RetryRule.NextAttempt(this, frame);
                return;
            case NodeKind.Loop:
                LoopRule.NextIteration(this, frame);
                return;
            case NodeKind.Signal when input.Result is { } result && SignalRule.IsSignal(result):
                LoopRule.HasWaited(frame);
                break;
        }
        if (input.Error is { } error)
            Fail(frame, error, input.Attempt);
        else
            Complete(frame, input.Result!, input.Execution);
    }

    private Decision Decide()
    {
        // A command that was issued and stopped within one decision never left the engine.
        var commands = _commands.Where(command => _stopped.Count == 0 || State.InFlight.ContainsKey(command.Execution));
        return State.Outcome is null
            ? new Decision([.. commands], [.. _stopped], [.. _carries], null)
            : new Decision([], [], [], State.Outcome);
    }
}

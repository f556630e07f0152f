using System.Globalization;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>
/// LOOP: runs the body, then the condition, and repeats. The end of an iteration carries the state over, and its recorded inputs can be
/// forgotten: recovery costs one iteration, whatever its number. A loop that continues on failure gives each iteration its own names, which
/// count once the iteration completes.
/// </summary>
internal static class LoopRule
{
    // The last iterations are kept so that users can look at them.
    private const int KeptIterations = 10;

    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var memory = new LoopMemory(frame.Scope.Names);
        frame.State = memory;
        engine.State.Loops.Add(frame.Key, frame);
        BeginIteration(engine, frame, 1, engine.State.At);
    }

    public static bool ContinuesOnFailure(Frame loop) => loop.Node.Config is NodeConfig.Loop { ContinueOnFailure: true };

    /// <summary>Whether a loop around a node continues if the node fails.</summary>
    public static bool GoesOn(Frame frame)
    {
        for (var (child, parent) = (frame, frame.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
            if (parent.Node.Kind == NodeKind.Loop && child.Node.Number == parent.Node.Left && ContinuesOnFailure(parent))
                return true;
        return false;
    }

    public static void ChildEnded(WorkflowEngine engine, Frame frame, Frame child, End end)
    {
        var memory = frame.StateAs<LoopMemory>();
        var isBody = child.Node.Number == frame.Node.Left;
        if (memory.IsUndoing)
        {
            UndoNext(engine, frame); // that was an undo; its end is recorded
            return;
        }
        if (isBody && ContinuesOnFailure(frame))
        {
            if (end is End.Failed { Failure: { Error.IsFatal: false } failure })
            {
                memory.FailedIterations++;
                memory.LastError = IterationError.Of(failure, engine.State.Graph.Nodes[failure.Origin.Node].Id);
                UndoNext(engine, frame);
                return;
            }
            memory.Undos.MoveTo(engine.UndosOf(frame));
            if (end is not End.Failed)
                frame.Scope.Merge(child.Scope);
        }
        switch (end)
        {
            case End.Failed { Failure: var failure }:
                Close(engine, frame);
                // A loop around it that continues on failure would evaluate the same condition again.
                engine.End(frame, isBody || !GoesOn(frame)
                    ? end
                    : new End.Failed(failure with { Error = failure.Error with { IsFatal = true } }));
                break;
            case End.Broken broken:
                Close(engine, frame);
                engine.Complete(frame, broken.Value, null);
                break;
            case End.Completed completed when isBody:
                memory.Result = completed;
                if (frame.Node.Condition < 0)
                    EndIteration(engine, frame);
                else
                    engine.Begin(frame.Node.Condition, frame.PathOf(memory.Iteration), frame, frame.Scope);
                break;
            case End.Completed condition when Truthiness.Of(condition.Result):
                EndIteration(engine, frame);
                break;
            case End.Completed:
                Close(engine, frame);
                engine.Complete(frame, memory.Result!.Result, memory.Result.Source);
                break;
        }
    }

    /// <summary>The pause between two iterations is over.</summary>
    public static void NextIteration(WorkflowEngine engine, Frame frame)
    {
        frame.OwnWait = null;
        BeginIteration(engine, frame, frame.StateAs<LoopMemory>().Iteration + 1, engine.State.At);
    }

    /// <summary>During recovery, an input that carries an iteration over: the records of the iterations before it are gone.</summary>
    public static void Restore(WorkflowEngine engine, Checkpoint input)
    {
        var path = input.Execution.Path;
        var (slash, colon) = (path.LastIndexOf('/'), path.LastIndexOf(':'));
        if (colon < 0 || input.Result is null)
            return;
        var outer = slash < 0 ? "" : path[..slash];
        var iteration = int.Parse(path.AsSpan(colon + 1), CultureInfo.InvariantCulture);
        if (!engine.State.Loops.TryGetValue(input.Execution with { Path = outer }, out var frame))
            return;
        var memory = frame.StateAs<LoopMemory>();
        if (iteration < memory.Iteration)
            return;

        foreach (var child in frame.Children)
            engine.Stop(child);
        frame.Children.Clear();
        if (frame.OwnWait is { } wait)
            engine.Forget(wait);
        frame.OwnWait = null;
        memory.Undos.Clear();
        memory.IsUndoing = false;
        var at = CarriedState.Restore(input.Result, frame, memory, engine.UndosOf(frame)) ?? input.At;
        if (memory.HasEverWaited)
            HasWaited(frame);
        engine.State.At = at;
        foreach (var undo in engine.UndosOf(frame).Under(frame))
            engine.State.Saw(undo.At);
        BeginIteration(engine, frame, iteration + 1, at);
    }

    /// <summary>Marks that the loops around a node got a signal in this iteration: its sender sets the pace.</summary>
    public static void HasWaited(Frame frame)
    {
        for (var above = frame.Parent; above is not null; above = above.Parent)
        {
            if (above.Node.Kind != NodeKind.Loop)
                continue;
            var memory = above.StateAs<LoopMemory>();
            memory.HasWaited = memory.HasEverWaited = true;
        }
    }

    private static void BeginIteration(WorkflowEngine engine, Frame frame, int iteration, DateTimeOffset at)
    {
        var memory = frame.StateAs<LoopMemory>();
        memory.Iteration = iteration;
        memory.BeganAt = at;
        memory.HasWaited = false;
        memory.InputsBefore = engine.State.Inputs;
        memory.Result = null;
        engine.Begin(frame.Node.Left, frame.PathOf(iteration), frame, ContinuesOnFailure(frame) ? frame.Scope.Branch() : frame.Scope);
    }

    /// <summary>Undoes what a failed iteration did, and goes on with the next one.</summary>
    private static void UndoNext(WorkflowEngine engine, Frame frame)
    {
        var memory = frame.StateAs<LoopMemory>();
        memory.IsUndoing = true;
        if (memory.Undos.Pop() is { } undo)
        {
            engine.Begin(undo.Node, undo.Path, frame, new Scope(undo.Names));
            return;
        }
        memory.IsUndoing = false;
        EndIteration(engine, frame);
    }

    private static void EndIteration(WorkflowEngine engine, Frame frame)
    {
        var memory = frame.StateAs<LoopMemory>();
        var state = engine.State;
        var interval = (frame.Node.Config as NodeConfig.Loop)?.MinIntervalMs is { } own
            ? TimeSpan.FromMilliseconds(own)
            : state.Facts.MinLoopInterval;
        var until = (memory.BeganAt < state.At ? memory.BeganAt : state.At) + interval; // the clock may have been set back
        var idle = state.Inputs == memory.InputsBefore; // nothing happened at all: without a pause, the loop would never return
        var paced = !memory.HasWaited && until > state.At;

        var key = new ExecutionKey(frame.Node.Number, frame.PathOf(memory.Iteration));
        var drop = memory.Iteration > KeptIterations ? frame.PathOf(memory.Iteration - KeptIterations) : null;
        var carried = CarriedState.Write(frame, memory, engine.UndosOf(frame), paced || idle ? null : state.At);
        var carry = new Carry(key, carried, frame.Node.Number + 1, frame.Node.Last, drop);
        if (paced || idle)
        {
            frame.OwnWait = key;
            engine.Issue(frame, new Command.Wait(key, "LOOP", paced ? until : state.At, null, carried, carry));
            return;
        }
        engine.Emit(carry);
        BeginIteration(engine, frame, memory.Iteration + 1, state.At);
    }

    private static void Close(WorkflowEngine engine, Frame frame) => engine.State.Loops.Remove(frame.Key);
}

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>
/// TRY: if the body fails, runs the undos of its completed steps, and then the handler, which sees <c>$error</c>. The last part, if there
/// is one, always runs.
/// </summary>
internal static class TryRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        frame.State = new Memory();
        engine.Begin(frame.Node.Left, frame.Path, frame, frame.Scope);
    }

    public static void ChildEnded(WorkflowEngine engine, Frame frame, Frame child, End end)
    {
        var memory = frame.StateAs<Memory>();
        if (memory.Ending is not null)
        {
            frame.Scope.Merge(child.Scope, except: "error");
            if (end is End.Completed)
                Leave(engine, frame, memory.Ending);
            else
                engine.End(frame, end);
        }
        else if (memory.Handler is not null)
        {
            frame.Scope.Merge(memory.Handler, except: "error");
            BeginLast(engine, frame, end);
        }
        else if (memory.Failure is not null)
        {
            UndoNext(engine, frame); // that was an undo; its end is recorded
        }
        else if (end is End.Failed failed)
        {
            memory.Failure = failed.Failure;
            UndoNext(engine, frame);
        }
        else
        {
            // What was done here stands; it is undone if the outer scope fails.
            memory.Undos.MoveTo(engine.UndosOf(frame));
            BeginLast(engine, frame, end);
        }
    }

    private static void UndoNext(WorkflowEngine engine, Frame frame)
    {
        var memory = frame.StateAs<Memory>();
        if (memory.Undos.Pop() is { } undo)
        {
            engine.Begin(undo.Node, undo.Path, frame, new Scope(undo.Names));
            return;
        }
        memory.Handler = frame.Scope.Branch();
        memory.Handler.Bind("error", ErrorValue.Of(memory.Failure!, engine.State.Graph));
        engine.Begin(frame.Node.Right, frame.Path, frame, memory.Handler);
    }

    private static void BeginLast(WorkflowEngine engine, Frame frame, End end)
    {
        if (frame.Node.Extra is not [var last])
        {
            Leave(engine, frame, end);
            return;
        }
        var memory = frame.StateAs<Memory>();
        memory.Ending = end;
        var scope = frame.Scope;
        if (memory.Failure is { } failure)
        {
            scope = frame.Scope.Branch();
            scope.Bind("error", ErrorValue.Of(failure, engine.State.Graph));
        }
        engine.Begin(last, frame.Path, frame, scope);
    }

    private static void Leave(WorkflowEngine engine, Frame frame, End end)
    {
        if (end is End.Completed completed)
            engine.Complete(frame, completed.Result, completed.Source);
        else
            engine.End(frame, end);
    }

    internal sealed class Memory
    {
        /// <summary>The undos of the body's completed steps.</summary>
        public UndoStack Undos { get; } = new();

        /// <summary>Why the body failed.</summary>
        public Failure? Failure { get; set; }

        /// <summary>The names that the handler sees.</summary>
        public Scope? Handler { get; set; }

        /// <summary>How the TRY ends once its last part has run.</summary>
        public End? Ending { get; set; }
    }
}

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>UNDO: runs the left node. Once it has completed, the right node is remembered, to undo it later.</summary>
internal static class UndoRule
{
    public static void Begin(WorkflowEngine engine, Frame frame) => engine.Begin(frame.Node.Left, frame.Path, frame, frame.Scope);

    public static void ChildEnded(WorkflowEngine engine, Frame frame, End end)
    {
        if (end is not End.Completed completed)
        {
            engine.End(frame, end);
            return;
        }
        var names = frame.Scope.Names;
        if (frame.Node.ResultName is { } name)
            names = names.SetItem(name, completed.Result);
        engine.UndosOf(frame).Push([new UndoEntry(frame.Node.Right, frame.Path, engine.State.Latest, names)]);
        engine.Complete(frame, completed.Result, completed.Source);
    }
}

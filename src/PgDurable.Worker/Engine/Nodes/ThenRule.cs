namespace PgDurable.Worker.Engine.Nodes;

/// <summary>THEN: runs the left node, then the right one. The result is the right one's.</summary>
internal static class ThenRule
{
    public static void Begin(WorkflowEngine engine, Frame frame) => engine.Begin(frame.Node.Left, frame.Path, frame, frame.Scope);

    public static void ChildEnded(WorkflowEngine engine, Frame frame, Frame child, End end)
    {
        if (end is not End.Completed completed)
            engine.End(frame, end);
        else if (child.Node.Number == frame.Node.Left)
            engine.Begin(frame.Node.Right, frame.Path, frame, frame.Scope);
        else
            engine.Complete(frame, completed.Result, completed.Source);
    }
}

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>RACE: runs all branches in parallel. The first one to end, in whatever way, decides; the others are stopped.</summary>
internal static class RaceRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        foreach (var branch in Branches.Of(frame.Node))
        {
            if (frame.IsClosed)
                return; // a branch that has nothing to wait for has already won
            engine.Begin(branch, frame.Path, frame, frame.Scope.Branch());
        }
    }

    public static void ChildEnded(WorkflowEngine engine, Frame frame, Frame child, End end)
    {
        foreach (var loser in frame.Children)
            engine.Stop(loser);
        frame.Children.Clear();
        frame.Scope.Merge(child.Scope);
        if (end is End.Completed completed)
            engine.Complete(frame, completed.Result, completed.Source);
        else
            engine.End(frame, end);
    }
}

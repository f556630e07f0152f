namespace PgDurable.Worker.Engine.Nodes;

/// <summary>
/// JOIN: runs all branches in parallel, each with its own names, and waits for all of them. If some did not complete, one of these decides.
/// </summary>
internal static class JoinRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var branches = Branches.Of(frame.Node);
        var memory = new Memory(new End?[branches.Length], new Scope[branches.Length]);
        frame.State = memory;
        for (var i = 0; i < branches.Length; i++)
            memory.Scopes[i] = frame.Scope.Branch();
        for (var i = 0; i < branches.Length; i++)
            engine.Begin(branches[i], frame.Path, frame, memory.Scopes[i]);
    }

    public static void ChildEnded(WorkflowEngine engine, Frame frame, Frame child, End end)
    {
        var memory = frame.StateAs<Memory>();
        memory.Ends[Branches.IndexOf(frame.Node, child.Node.Number)] = end;
        if (memory.Ends.Any(ended => ended is null))
            return;

        var deciding = Branches.Deciding(frame, memory.Ends);
        for (var i = 0; i < (deciding ?? memory.Ends.Length); i++)
            if (memory.Ends[i] is not End.Failed)
                frame.Scope.Merge(memory.Scopes[i]);
        switch (deciding is null ? null : memory.Ends[deciding.Value])
        {
            case End.Failed failed:
                // All failed branches would have to run again for the join to complete.
                var steps = memory.Ends.OfType<End.Failed>().SelectMany(other => other.Failure.Steps);
                engine.End(frame, new End.Failed(failed.Failure with { Steps = [.. steps] }));
                return;
            case End.Broken broken:
                frame.Scope.Merge(memory.Scopes[deciding!.Value]);
                engine.End(frame, broken);
                return;
        }
        engine.Complete(frame, JsonArray.Of(memory.Ends.Select(ended => ((End.Completed)ended!).Result)), null);
    }

    private sealed record Memory(End?[] Ends, Scope[] Scopes) : ICollectsResults
    {
        public IEnumerable<StepResult> Results =>
            [.. Ends.OfType<End.Completed>().Select(end => end.Result), .. Scopes.SelectMany(scope => scope.Names.Values)];
    }
}

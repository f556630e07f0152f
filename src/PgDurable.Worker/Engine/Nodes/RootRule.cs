namespace PgDurable.Worker.Engine.Nodes;

/// <summary>The end of the whole graph. A failure first runs the undos of all completed steps.</summary>
internal static class RootRule
{
    public static void Ended(WorkflowEngine engine, End end)
    {
        var state = engine.State;
        if (state.Failing is not null)
        {
            UndoNext(engine); // that was an undo; its end is recorded
            return;
        }
        switch (end)
        {
            case End.Completed completed:
                state.Outcome = new Outcome.Completed(completed.Source, completed.Result);
                break;
            case End.Broken:
                state.Failing = new Outcome.Failed(null, new StepError(
                    "df.break() was called outside of a loop. df.break() may only be used inside df.loop().",
                    DurableErrorCodes.BreakOutsideLoop), []);
                UndoNext(engine);
                break;
            case End.Failed { Failure: var failure }:
                state.Failing = new Outcome.Failed(failure.Origin, failure.Error, failure.Steps);
                UndoNext(engine);
                break;
        }
    }

    private static void UndoNext(WorkflowEngine engine)
    {
        var state = engine.State;
        if (state.Undos.Pop() is { } undo)
        {
            state.HasUndone = true;
            engine.Begin(undo.Node, undo.Path, null, new Scope(undo.Names));
            return;
        }
        // A step that was undone can't be continued from.
        state.Outcome = state.HasUndone ? state.Failing! with { FailedSteps = [] } : state.Failing;
    }
}

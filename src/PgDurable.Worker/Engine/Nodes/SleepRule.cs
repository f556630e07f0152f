using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>SLEEP: waits for a time.</summary>
internal static class SleepRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var seconds = ((NodeConfig.Sleep)frame.Node.Config!).Seconds;
        var result = new StepResult(FormattableString.Invariant($$"""{"slept":true,"seconds":{{seconds}}}"""), null);
        engine.Issue(frame, new Command.Wait(frame.Key, "SLEEP", Deadlines.After(engine.State.At, (double)seconds), null, result, null));
    }
}

using System.Globalization;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>TIMEOUT: runs the body, and stops it if it takes too long. That is a failure.</summary>
internal static class TimeoutRule
{
    private static readonly StepResult TimedOut = new("""{"timed_out":true}""", null);

    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        frame.OwnWait = frame.Key;
        engine.Issue(
            frame,
            new Command.Wait(frame.Key, "TIMEOUT", Deadlines.After(engine.State.WaitsBegin, Seconds(frame)), null, TimedOut, null));
        engine.Begin(frame.Node.Left, frame.Path, frame, frame.Scope);
    }

    public static void ChildEnded(WorkflowEngine engine, Frame frame, End end)
    {
        engine.Forget(frame.Key);
        if (end is End.Completed completed)
            engine.Complete(frame, completed.Result, completed.Source);
        else
            engine.End(frame, end);
    }

    public static void Expired(WorkflowEngine engine, Frame frame)
    {
        foreach (var child in frame.Children)
            engine.Stop(child);
        frame.Children.Clear();
        var seconds = Seconds(frame).ToString("0.###", CultureInfo.InvariantCulture);
        engine.Fail(frame, new StepError(
            $"step timed out after {seconds} s", DurableErrorCodes.Timeout, Hint: "Give it more time, or let df.try() handle it."));
    }

    /// <summary>When the first of the timeouts around an execution ends it; null without one.</summary>
    public static DateTimeOffset? DeadlineOf(WorkflowEngine engine, Frame frame)
    {
        DateTimeOffset? first = null;
        for (var parent = frame.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent.Node.Kind == NodeKind.Timeout && engine.State.InFlight.TryGetValue(parent.Key, out var open)
                && open.Command is Command.Wait { Until: { } until } && !(first <= until))
                first = until;
        }
        return first;
    }

    private static double Seconds(Frame frame) => ((NodeConfig.Timeout)frame.Node.Config!).Seconds;
}

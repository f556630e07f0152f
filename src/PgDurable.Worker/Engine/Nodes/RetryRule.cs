using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>
/// RETRY: runs the body again after a pause if it fails with an error that may be temporary. Each attempt has its own place in the path.
/// </summary>
internal static class RetryRule
{
    // Concurrency, connections, resources, server shutdown, operating system; locks; timeouts and HTTP failures.
    private static readonly string[] Transient =
        ["08", "40", "53", "57", "58", "55P03", DurableErrorCodes.Timeout, DurableErrorCodes.HttpFailed];
    private static readonly StepResult Paused = new("""{"retry":true}""", null);

    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        frame.State = new Memory();
        engine.Begin(frame.Node.Left, frame.PathOf(1), frame, frame.Scope);
    }

    public static void ChildEnded(WorkflowEngine engine, Frame frame, End end)
    {
        var attempt = frame.StateAs<Memory>().Attempt;
        var config = (NodeConfig.Retry)frame.Node.Config!;
        switch (end)
        {
            case End.Completed completed:
                engine.Complete(frame, completed.Result, completed.Source);
                break;
            case End.Failed { Failure: var failure } when attempt < config.MaxAttempts && Matches(config, failure.Error):
                try
                {
                    Pause(engine, frame, config, failure.Error, attempt);
                }
                catch (SubstitutionException e)
                {
                    var error = failure.Error with { Hint = $"It was not tried again: {e.Message}. {e.Hint}" };
                    engine.End(frame, new End.Failed(failure with { Error = error, Attempts = attempt }));
                }
                break;
            case End.Failed { Failure: var failure }:
                engine.End(frame, new End.Failed(failure with { Attempts = attempt }));
                break;
            case End.Broken:
                engine.End(frame, end);
                break;
        }
    }

    private static void Pause(WorkflowEngine engine, Frame frame, NodeConfig.Retry config, StepError error, int attempt)
    {
        var first = config.Delay.Reference is { } reference
            ? WaitValue.Seconds(reference, frame.Scope.Names)
            : config.Delay.Seconds;
        var asked = config.RetryAfter ? error.RetryAfterSeconds ?? 0 : 0;
        var delay = Math.Min(Math.Max(first * Math.Pow(config.Backoff, attempt - 1), asked), config.MaxDelaySeconds);
        var wait = new ExecutionKey(frame.Node.Number, frame.PathOf(attempt));
        frame.OwnWait = wait;
        engine.Issue(frame, new Command.Wait(wait, "RETRY", Deadlines.After(engine.State.At, delay), null, Paused, null));
    }

    /// <summary>The pause is over.</summary>
    public static void NextAttempt(WorkflowEngine engine, Frame frame)
    {
        frame.OwnWait = null;
        engine.Begin(frame.Node.Left, frame.PathOf(++frame.StateAs<Memory>().Attempt), frame, frame.Scope);
    }

    /// <summary>Whether a retry around an execution waits as long as servers ask it to.</summary>
    public static bool WaitsForServers(Frame frame)
    {
        for (var parent = frame.Parent; parent is not null; parent = parent.Parent)
            if (parent.Node.Config is NodeConfig.Retry { RetryAfter: true })
                return true;
        return false;
    }

    /// <summary>The attempt of the innermost retry around an execution.</summary>
    public static int AttemptAround(Frame frame)
    {
        for (var parent = frame.Parent; parent is not null; parent = parent.Parent)
            if (parent.State is Memory memory)
                return memory.Attempt;
        return 1;
    }

    private static bool Matches(NodeConfig.Retry config, StepError error)
    {
        if (error.IsRetryable == false)
            return false;
        if (error.IsRetryable == true && config.RetryOn is null)
            return true;
        foreach (var pattern in config.RetryOn ?? [.. Transient])
            if (error.SqlState.StartsWith(pattern, StringComparison.Ordinal))
                return true;
        return false;
    }

    private sealed class Memory
    {
        public int Attempt { get; set; } = 1;
    }
}

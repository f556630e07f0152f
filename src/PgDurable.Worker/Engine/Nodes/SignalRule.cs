using System.Globalization;
using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>SIGNAL: waits for a signal, with or without a timeout. A timeout is a normal end.</summary>
internal static class SignalRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var config = (NodeConfig.Signal)frame.Node.Config!;
        try
        {
            var seconds = config.Limit is { Reference: { } reference }
                ? WaitValue.SecondsOrNull(reference, frame.Scope.Names)
                : config.Limit?.Seconds;
            var until = seconds is { } limit ? Deadlines.After(engine.State.WaitsBegin, limit) : (DateTimeOffset?)null;
            engine.Issue(frame, new Command.Wait(frame.Key, "SIGNAL", until, config.Name, Result(config.Name, true, "null"), null));
        }
        catch (SubstitutionException e)
        {
            engine.Refuse(frame, new StepError(e.Message, "22023", Hint: e.Hint));
        }
    }

    // A JSON value follows the name: only the result of a wait that timed out ends like this.
    public static bool IsSignal(StepResult result) => !result.Json.EndsWith("\"timed_out\":true,\"data\":null}", StringComparison.Ordinal);

    public static StepResult Result(string name, bool timedOut, string dataJson) => new(
        string.Create(CultureInfo.InvariantCulture,
            $$"""{"signal_name":{{JsonText.Quote(name)}},"timed_out":{{(timedOut ? "true" : "false")}},"data":{{dataJson}}}"""), null);
}

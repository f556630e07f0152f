using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>SLEEP: waits for a time, or until a moment.</summary>
internal static class SleepRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        try
        {
            switch (frame.Node.Config)
            {
                case NodeConfig.SleepUntil sleep:
                    var moment = WaitValue.Moment(sleep.Moment, frame.Scope.Names);
                    Wait(engine, frame, moment, FormattableString.Invariant($$"""{"slept":true,"until":"{{moment.UtcDateTime:O}}"}"""));
                    break;
                case NodeConfig.SleepFor sleep:
                    var seconds = WaitValue.Seconds(sleep.Reference, frame.Scope.Names);
                    For(engine, frame, (decimal)Math.Min(seconds, Limits.MaxSleepSeconds));
                    break;
                default:
                    For(engine, frame, ((NodeConfig.Sleep)frame.Node.Config!).Seconds);
                    break;
            }
        }
        catch (SubstitutionException e)
        {
            engine.Refuse(frame, new StepError(e.Message, "22023", Hint: e.Hint));
        }
    }

    private static void For(WorkflowEngine engine, Frame frame, decimal seconds) => Wait(
        engine, frame, Deadlines.After(engine.State.WaitsBegin, (double)seconds),
        FormattableString.Invariant($$"""{"slept":true,"seconds":{{seconds}}}"""));

    private static void Wait(WorkflowEngine engine, Frame frame, DateTimeOffset until, string result) =>
        engine.Issue(frame, new Command.Wait(frame.Key, "SLEEP", until, null, new StepResult(result, null), null));
}

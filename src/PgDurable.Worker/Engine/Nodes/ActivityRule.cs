using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>ACTIVITY: makes a task, which code outside of the database claims and completes.</summary>
internal static class ActivityRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var config = (NodeConfig.Activity)frame.Node.Config!;
        try
        {
            var input = config.InputJson is { } template ? JsonTemplate.Fill(template, frame.Scope.Names, engine.State.Facts) : "null";
            engine.Issue(frame, new Command.StartTask(
                frame.Key, config.Name, config.Queue, input, RetryRule.AttemptAround(frame), TimeoutRule.DeadlineOf(engine, frame)));
        }
        catch (SubstitutionException e)
        {
            engine.Refuse(frame, new StepError(e.Message, "22004", Hint: e.Hint));
        }
    }
}

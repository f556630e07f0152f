using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>CALL: runs a registered workflow as a step, in its own instance.</summary>
internal static class CallRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var config = (NodeConfig.Call)frame.Node.Config!;
        try
        {
            var input = config.InputJson is { } template ? JsonTemplate.Fill(template, frame.Scope.Names, engine.State.Facts) : null;
            engine.Issue(frame, new Command.StartChild(frame.Key, config.Workflow, config.Version, input));
        }
        catch (SubstitutionException e)
        {
            engine.Refuse(frame, new StepError(e.Message, "22004", Hint: e.Hint));
        }
    }
}

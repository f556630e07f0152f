using PgDurable.Graph;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>FAIL: fails with the user's own error.</summary>
internal static class FailRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var config = (NodeConfig.Fail)frame.Node.Config!;
        try
        {
            var message = RawSubstitution.Substitute(config.Message, frame.Scope.Names, engine.State.Facts);
            engine.Issue(frame, new Command.Refuse(frame.Key, new StepError(message, config.SqlState ?? DurableErrorCodes.Failed)));
        }
        catch (SubstitutionException e)
        {
            engine.Refuse(frame, new StepError(e.Message, "22004", Hint: e.Hint));
        }
    }
}

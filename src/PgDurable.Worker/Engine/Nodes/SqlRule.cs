using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>SQL: runs one statement, with references to named results replaced by their values.</summary>
internal static class SqlRule
{
    public static void Begin(WorkflowEngine engine, Frame frame)
    {
        var query = frame.Node.Query!;
        if (frame.Node.SqlDefect is { } defect)
        {
            engine.Refuse(frame, new StepError(defect, "42601", Sql: query));
            return;
        }
        try
        {
            var text = Variables.Replace(query, engine.State.Facts);
            engine.Issue(frame, new Command.RunSql(frame.Key, SqlSubstitution.Substitute(text, frame.Scope.Names)));
        }
        catch (SubstitutionException e)
        {
            // The statement never ran: a reference has no value.
            engine.Refuse(frame, new StepError(e.Message, "22004", Hint: e.Hint, Sql: query));
        }
    }
}

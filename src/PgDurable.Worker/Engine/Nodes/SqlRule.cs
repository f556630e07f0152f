using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>SQL: one statement, with references to named results replaced by their values.</summary>
internal static class SqlRule
{
    public static void Begin(WorkflowEngine engine, WorkflowState state, ExecutionKey execution)
    {
        var node = state.Graph.Nodes[execution.Node];
        var query = node.Query!;
        if (node.SqlDefect is { } defect)
        {
            engine.Issue(new Command.Refuse(execution, new StepError(defect, "42601", Sql: query)));
            return;
        }
        try
        {
            engine.Issue(new Command.RunSql(execution, SqlSubstitution.Substitute(query, state.Names)));
        }
        catch (SubstitutionException e)
        {
            // The statement never ran: a reference has no value.
            engine.Issue(new Command.Refuse(execution, new StepError(e.Message, "22004", Hint: e.Hint, Sql: query)));
        }
    }
}

using PgDurable.Sql;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>SQL: one statement, with references to named results replaced by their values.</summary>
internal static class SqlRule
{
    public static void Begin(WorkflowEngine engine, WorkflowState state, ExecutionKey execution)
    {
        var query = state.Graph.Nodes[execution.Node].Query!;
        try
        {
            var sql = SqlSubstitution.Substitute(query, state.Names);
            if (SqlStatements.Check(sql) is { } defect)
                engine.Fail(execution, new StepError(defect, "42601", Sql: sql));
            else
                engine.Issue(new Command(execution, sql));
        }
        catch (SubstitutionException e)
        {
            // The statement never ran: a reference has no value.
            engine.Fail(execution, new StepError(e.Message, "22004", Hint: e.Hint, Sql: query));
        }
    }
}

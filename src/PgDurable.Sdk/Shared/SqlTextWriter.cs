using System.Text;
using PgDurable.Sql;

namespace PgDurable.Graph;

/// <summary>Writes a sequence of steps as the SQL expression that composes the same graph, one step per line.</summary>
internal static class SqlTextWriter
{
    public static string Write(IReadOnlyList<SqlStep> steps)
    {
        if (steps.Count == 0)
            throw new ArgumentException("A graph has at least one step.", nameof(steps));

        var sql = new StringBuilder();
        for (var i = 0; i < steps.Count; i++)
        {
            if (i > 0)
                sql.Append("\n  ~> ");
            AppendStep(sql, steps[i]);
        }

        return sql.ToString();
    }

    private static void AppendStep(StringBuilder sql, SqlStep step)
    {
        if (step.ResultName is not { } name)
        {
            SqlQuote.AppendLiteral(sql, step.Sql);
            return;
        }

        // All operators of the language have one precedence and group to the left: without parentheses the name would go to the whole
        // chain up to here.
        sql.Append('(');
        SqlQuote.AppendLiteral(sql, step.Sql);
        sql.Append(" |=> ");
        SqlQuote.AppendLiteral(sql, name);
        sql.Append(')');
    }
}

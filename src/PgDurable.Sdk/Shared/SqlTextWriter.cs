using System.Text;

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
            AppendLiteral(sql, step.Sql);
            return;
        }

        // All operators of the language have one precedence and group to the left: without parentheses the name would go to the whole
        // chain up to here.
        sql.Append('(');
        AppendLiteral(sql, step.Sql);
        sql.Append(" |=> ");
        AppendLiteral(sql, name);
        sql.Append(')');
    }

    /// <summary>A string literal that reads the same under any <c>standard_conforming_strings</c>.</summary>
    public static void AppendLiteral(StringBuilder sql, string text)
    {
        // What a backslash means in '…' depends on that setting; in E'…' it does not.
        sql.Append(text.IndexOf('\\') < 0 ? "'" : "E'");
        foreach (var c in text)
        {
            if (c is '\'' or '\\')
                sql.Append(c);
            sql.Append(c);
        }

        sql.Append('\'');
    }
}

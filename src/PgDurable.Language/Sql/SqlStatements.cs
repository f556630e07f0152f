namespace PgDurable.Sql;

/// <summary>Answers questions about text that is to be the SQL of a step.</summary>
internal static class SqlStatements
{
    /// <summary>The number of statements that are not empty.</summary>
    public static int Count(string sql)
    {
        var reader = new SqlStatementReader(sql);
        var count = 0;
        while (reader.Read(out _))
            count++;
        return count;
    }

    /// <summary>The first word of the first statement in upper case, or null if there isn't one.</summary>
    public static string? FirstKeyword(string sql) =>
        new SqlStatementReader(sql).Read(out var statement) ? statement.Keyword : null;

    /// <summary>Whether one of the statements would begin, end or divide its transaction.</summary>
    public static bool IsTransactionControl(string sql)
    {
        var reader = new SqlStatementReader(sql);
        while (reader.Read(out var statement))
        {
            if (statement.TransactionCommand != null)
                return true;
        }
        return false;
    }

    /// <summary>Why a text can't be run as a step, or null. An empty text can.</summary>
    /// <remarks>Positions count characters from 1, as PostgreSQL's do.</remarks>
    public static string? Check(string sql)
    {
        var reader = new SqlStatementReader(sql);
        var count = 0;
        string? command = null;
        while (reader.Read(out var statement))
        {
            count++;
            command ??= statement.TransactionCommand;
        }
        if (reader.Unterminated is { } token)
            return $"{token.Error} at position {token.Start + 1}";
        if (command != null)
        {
            return $"a step can't control transactions: {command} is not allowed, "
                + "because every step runs in a transaction of its own that commits together with its checkpoint";
        }
        if (reader.Parameter is { } parameter)
        {
            return $"a step's statement has no parameters such as {parameter.TextIn(sql)}: "
                + "values come from named results ($name.column) and from the input ($input.field)";
        }
        return count > 1 ? $"a step is one SQL statement, found {count}" : null;
    }
}

using PgDurable.Sql;

namespace PgDurable.Worker.Execution;

/// <summary>Statements that PostgreSQL refuses to run in a transaction block, such as VACUUM.</summary>
internal static class StandaloneStatements
{
    // Only what runs no code of the user's but that of index expressions and the like, which PostgreSQL itself runs as the owner of the table and in a
    // security-restricted operation: outside of a transaction block the sandbox, which ends with the transaction, can't hold arbitrary code.
    private static readonly string[][] Beginnings =
    [
        ["VACUUM"],
        ["CLUSTER"],
        ["REINDEX"],
        ["CREATE", "INDEX"],
        ["CREATE", "UNIQUE", "INDEX"],
        ["CREATE", "DATABASE"],
        ["CREATE", "TABLESPACE"],
        ["ALTER", "DATABASE"],
        ["ALTER", "SYSTEM"],
        ["DROP", "INDEX"],
        ["DROP", "DATABASE"],
        ["DROP", "TABLESPACE"],
    ];

    /// <summary>Whether a statement may be run by itself when PostgreSQL refuses to run it in a transaction block.</summary>
    public static bool Allow(string sql)
    {
        var words = Words(sql, Beginnings.Max(beginning => beginning.Length));
        return Beginnings.Any(beginning => beginning.Length <= words.Count && beginning.SequenceEqual(words.Take(beginning.Length)));
    }

    private static List<string> Words(string sql, int count)
    {
        var words = new List<string>(count);
        var lexer = new SqlLexer(sql);
        while (words.Count < count && lexer.Read(out var token))
        {
            if (token.IsGap) continue;
            if (token.Kind != SqlTokenKind.Identifier) break;
            words.Add(token.TextIn(sql).ToUpperInvariant());
        }
        return words;
    }
}

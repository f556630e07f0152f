using Npgsql;
using PgDurable.Sql;

namespace PgDurable.Worker.Steps;

/// <summary>
/// Statements that PostgreSQL refuses to run in a transaction block, such as VACUUM, or a CALL of a procedure that commits.
/// </summary>
internal static class StandaloneStatements
{
    // The server's functions that refuse. Messages are translated, and a step's own RAISE may use any SQLSTATE.
    private const string Refuses = "PreventInTransactionBlock";
    private static readonly string[] Commits = ["_SPI_commit", "_SPI_rollback"];

    private static readonly string[] Queries = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE", "EXPLAIN"];

    /// <summary>Whether a statement that failed in a transaction block is to run outside of one.</summary>
    public static bool Takes(PostgresException e, string sql) => e.SqlState switch
    {
        PostgresErrorCodes.ActiveSqlTransaction =>
            e.Routine == Refuses && FirstWord(sql) is { } word && !Queries.Contains(word) && word is not ("CALL" or "DO"),
        PostgresErrorCodes.InvalidTransactionTermination => Commits.Contains(e.Routine) && FirstWord(sql) is "CALL" or "DO",
        _ => false,
    };

    private static string? FirstWord(string sql)
    {
        var lexer = new SqlLexer(sql);
        while (lexer.Read(out var token))
        {
            if (token.IsGap)
                continue;
            return token.Kind == SqlTokenKind.Identifier ? token.TextIn(sql).ToString().ToUpperInvariant() : null;
        }
        return null;
    }
}

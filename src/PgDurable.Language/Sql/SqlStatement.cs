namespace PgDurable.Sql;

/// <summary>What tells one statement of a text from another: its first words.</summary>
internal readonly struct SqlStatement
{
    public SqlStatement(string? keyword, string? secondKeyword)
    {
        Keyword = keyword;
        SecondKeyword = secondKeyword;
    }

    /// <summary>The first word in upper case; null when the statement does not start with an unquoted word.</summary>
    public string? Keyword { get; }

    public string? SecondKeyword { get; }

    /// <summary>The transaction control command that the statement is, or null.</summary>
    public string? TransactionCommand => Keyword switch
    {
        "BEGIN" or "COMMIT" or "END" or "ROLLBACK" or "ABORT" or "SAVEPOINT" or "RELEASE" => Keyword,
        "START" => "START TRANSACTION",
        "PREPARE" when SecondKeyword == "TRANSACTION" => "PREPARE TRANSACTION",
        _ => null,
    };
}

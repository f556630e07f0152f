namespace PgDurable.Sql;

/// <summary>What distinguishes a statement: its first words.</summary>
internal readonly struct SqlStatement
{
    public SqlStatement(string? keyword, string? secondKeyword)
    {
        Keyword = keyword;
        SecondKeyword = secondKeyword;
    }

    /// <summary>The first word in upper case, or null if the statement doesn't start with an unquoted word.</summary>
    public string? Keyword { get; }

    public string? SecondKeyword { get; }

    /// <summary>The command, if the statement controls transactions; otherwise null.</summary>
    public string? TransactionCommand => Keyword switch
    {
        "BEGIN" or "COMMIT" or "END" or "ROLLBACK" or "ABORT" or "SAVEPOINT" or "RELEASE" => Keyword,
        "START" => "START TRANSACTION",
        "PREPARE" when SecondKeyword == "TRANSACTION" => "PREPARE TRANSACTION",
        _ => null,
    };
}

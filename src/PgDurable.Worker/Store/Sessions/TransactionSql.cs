namespace PgDurable.Worker.Store.Sessions;

/// <summary>The statements that begin and end a step's transaction.</summary>
internal static class TransactionSql
{
    public const string Begin = "BEGIN";
    public const string Commit = "COMMIT";
    public const string CommitAndBegin = "COMMIT AND CHAIN";
    public const string Rollback = "ROLLBACK";

    /// <summary>Undoes what a step did to its session, where the C module doesn't.</summary>
    public static readonly string[] ResetSession =
        ["CLOSE ALL", "UNLISTEN *", "RESET ALL", "SELECT pg_catalog.pg_advisory_unlock_all()", "DISCARD SEQUENCES", "DISCARD TEMP"];
}

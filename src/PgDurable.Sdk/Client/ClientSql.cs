namespace PgDurable;

/// <summary>The statements that the client sends.</summary>
internal static class ClientSql
{
    public const string Start = "SELECT df.start(fut => $1, label => $2, input => $3, idempotency_key => $4)";

    // One round trip for each look: the three agree, because they are read in one snapshot.
    public const string Look = "SELECT df.status($1), df.result($1), df.error($1)";

    public const string Status = "SELECT df.status($1)";

    public const string Cancel = "SELECT df.cancel($1, $2)";

    public const string CancelWithDefaultReason = "SELECT df.cancel($1)";
}

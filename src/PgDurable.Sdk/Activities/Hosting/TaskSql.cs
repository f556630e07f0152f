namespace PgDurable;

/// <summary>The statements that claim and end tasks.</summary>
internal static class TaskSql
{
    public const string Channel = "df_task";

    public const string Listen = $"LISTEN {Channel}";

    public const string Unlisten = $"UNLISTEN {Channel}";

    public const string Watch = "SELECT df.watch_tasks($1, $2)";

    // A claim that a crash of the server loses is claimed again, so it needn't wait for the disk. The setting ends with the statement.
    public const string Claim =
        "SELECT t.task, t.token, t.name, t.input, t.instance_id, t.attempt, t.delivery, t.idempotency_key, t.deadline, t.lease_until, " +
        "t.progress " +
        "FROM pg_catalog.set_config('synchronous_commit', 'off', true) CROSS JOIN df.claim_tasks($1, $2, $3, $4) t";

    public const string Complete = "SELECT df.complete_task($1, $2, $3)";

    public const string CompleteAll = "SELECT df.complete_tasks($1, $2, $3)";

    public const string Fail = "SELECT df.fail_task($1, $2, $3, $4, $5)";

    public const string Release = "SELECT df.release_task($1, $2, $3)";

    public const string Extend = "SELECT df.extend_task($1, $2, $3, $4)";

    public const string ExtendAll =
        "SELECT df.extend_task(t.task, t.token, $3) " +
        "FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS t (task, token)";

    // Fails if the transaction is no longer open, or no longer usable, and costs no round trip.
    public const string CheckTransaction = "SAVEPOINT pgdurable_task";
}

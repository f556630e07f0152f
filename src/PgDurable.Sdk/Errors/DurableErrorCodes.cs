namespace PgDurable;

/// <summary>
/// The SQLSTATEs of errors that PgDurable raises itself, as in <see cref="WorkflowFailedException.SqlState"/>. Those of PostgreSQL are in
/// <see cref="Npgsql.PostgresErrorCodes"/>.
/// </summary>
public static class DurableErrorCodes
{
    /// <summary>Another worker has the instance. The worker rolls the step back; an instance never fails with this code.</summary>
    public const string LeaseLost = "DF001";

    /// <summary>There is no such instance, or it belongs to another role.</summary>
    public const string InstanceNotFound = "DF002";

    /// <summary>The graph or something that it refers to is not valid; the message names the node.</summary>
    public const string InvalidGraph = "DF003";

    /// <summary><c>df.await_instance</c> waited as long as it was told to. The instance goes on.</summary>
    public const string WaitTimeout = "DF004";

    /// <summary>A step or block took longer than its <c>df.timeout</c>.</summary>
    public const string Timeout = "DF005";

    /// <summary><c>df.fail</c> without a SQLSTATE of its own.</summary>
    public const string Failed = "DF006";

    /// <summary><c>df.break</c> ran outside of a loop.</summary>
    public const string BreakOutsideLoop = "DF007";

    /// <summary>An HTTP request failed for good; the message has the status and the beginning of the answer.</summary>
    public const string HttpFailed = "DF008";

    /// <summary>An HTTP request is not allowed, or its endpoint or secret can't be used.</summary>
    public const string HttpNotAllowed = "DF009";

    /// <summary>The role that started the workflow no longer exists.</summary>
    public const string RoleNotFound = "DF010";

    /// <summary>A superuser started or scheduled the workflow, and <c>pg_durable.enable_superuser_instances</c> is off.</summary>
    public const string SuperuserNotAllowed = "DF011";

    /// <summary><c>df.if_rows</c> or <c>df.foreach</c> names a result that doesn't exist or has no rows.</summary>
    public const string ResultNotFound = "DF012";

    /// <summary>A cron expression has no moment in the years to come, such as 30 February.</summary>
    public const string ScheduleNeverFires = "DF013";

    /// <summary>There is no registered workflow of this name, or not in this version.</summary>
    public const string WorkflowNotFound = "DF014";

    /// <summary>The instance's state doesn't allow the operation.</summary>
    public const string InvalidState = "DF015";

    /// <summary><c>transaction_mode =&gt; 'new'</c> could not start the instance; the message says why.</summary>
    public const string NewTransactionFailed = "DF016";

    /// <summary>There is no such schedule, or it belongs to another role.</summary>
    public const string ScheduleNotFound = "DF017";

    /// <summary>The table for an HTTP response doesn't have the row as it was written.</summary>
    public const string HttpSinkFailed = "DF018";

    /// <summary>The role exceeds one of its limits; the message names the limit and its value.</summary>
    public const string LimitExceeded = "DF020";

    /// <summary>The task has ended, or its lease ran out and another process has it.</summary>
    public const string TaskLost = "DF021";

    /// <summary>An activity failed and named no SQLSTATE of its own.</summary>
    public const string ActivityFailed = "DF022";

    /// <summary>The instance was canceled, and has undone its steps; its status is <c>cancelled</c>, not <c>failed</c>.</summary>
    public const string Canceled = Graph.UndoOnCancel.SqlState;

    /// <summary>
    /// The instance can't be forked from that step, or can't go on with another version of its workflow; the message says why.
    /// </summary>
    public const string CannotContinue = "DF024";

    /// <summary>
    /// What another role's step left in the session can't be removed. The worker runs the step in another session; an instance never
    /// fails with this code.
    /// </summary>
    public const string SessionNotClean = "DF030";
}

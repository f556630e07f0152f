using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store.Results;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>What an exception means for the step during which it was thrown.</summary>
internal static class SqlErrors
{
    /// <summary>Whether the statement may succeed at another try: conflicts between transactions, and resources that come back.</summary>
    public static bool IsTransient(PostgresException e) => IsTransient(e.SqlState);

    public static bool IsTransient(string sqlState) =>
        sqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.TooManyConnections;

    /// <summary>
    /// Whether it is the statement's own error, after which PostgreSQL has rolled back. Then the connection is not lost, even if the driver
    /// closes the session because it believes that no session survives such an error (classes 53, 57P, 58, F0 and XX, which any RAISE may
    /// use).
    /// </summary>
    public static bool IsOfStatement(Exception e) => e is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether the checkpoint may succeed later: as above, or an open transaction is about to cancel the instance.</summary>
    public static bool IsTransientAtCommit(PostgresException e) => IsTransient(e) || e.SqlState == PostgresErrorCodes.LockNotAvailable;

    /// <summary>Whether another worker or a cancellation has the instance now: nothing of this attempt may count.</summary>
    public static bool IsLeaseLost(PostgresException e) => e.SqlState == DurableErrorCodes.LeaseLost;

    /// <summary>Whether this session can't run the step, but another one can.</summary>
    public static bool IsSessionUsedUp(PostgresException e) => e.SqlState == DurableErrorCodes.SessionNotClean;

    /// <summary>Whether this execution of the step was committed before.</summary>
    public static bool IsRecorded(PostgresException e) =>
        e is { SqlState: PostgresErrorCodes.UniqueViolation, SchemaName: "df", TableName: "checkpoints" or "outcomes" };

    public static StepError Describe(Exception e, string? sql) => e switch
    {
        PostgresException p => new StepError(p.MessageText, p.SqlState, p.Detail, p.Hint, sql),
        ResultTooLargeException r => new StepError(r.Message, PostgresErrorCodes.ProgramLimitExceeded, Hint: r.Hint, Sql: sql),
        _ => new StepError(e.Message, PostgresErrorCodes.InternalError, Sql: sql),
    };
}

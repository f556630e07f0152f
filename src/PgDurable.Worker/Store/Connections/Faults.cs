using Npgsql;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store.Connections;

/// <summary>Whom a failure concerns that came from outside of a step's own statement.</summary>
internal static class Faults
{
    /// <summary>Whether the server is short of something, or somebody is in the way: the same may succeed later.</summary>
    public static bool Passes(Exception e) => e is PostgresException p && Passes(p.SqlState);

    public static bool Passes(string sqlState) =>
        sqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.IoError
        || sqlState.StartsWith("53", StringComparison.Ordinal) || sqlState.StartsWith("57P", StringComparison.Ordinal)
        || sqlState.StartsWith("25", StringComparison.Ordinal);

    /// <summary>
    /// Whether the schema lacks what the worker's own statement calls: it has another version than the worker. That concerns all instances,
    /// until one of the two is replaced.
    /// </summary>
    public static bool IsOfSchema(Exception e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InvalidSchemaName,
    };

    /// <summary>Whether one of the session's connections is gone.</summary>
    public static bool IsOfSession(Exception e) =>
        e is WorkerConnectionException or WorkerSessionException or (NpgsqlException and not PostgresException) or ObjectDisposedException;

    /// <summary>
    /// Whether the cause is what one instance or one schedule holds, or a defect of the worker in dealing with it. It would come again, and
    /// must not keep the worker from the others.
    /// </summary>
    public static bool IsOfData(Exception e) => e switch
    {
        // Values that don't fit, and limits that they hit. Missing objects and rights are missing for all instances.
        PostgresException p => p.SqlState[..2] is "22" or "23" or "54" or "P0" or "DF" or "XX",
        OperationCanceledException => false,
        _ => !IsOfSession(e),
    };

    /// <summary>What the owner of the instance sees.</summary>
    public static StepError InternalError(Exception e) => e is PostgresException p
        ? new StepError($"What the instance does could not be recorded: {p.MessageText}", p.SqlState, p.Detail, p.Hint)
        : new StepError(
            $"Internal error of the worker: {e.Message}", "XX000", Hint: "This is a bug in pg_durable; the worker's log has the details.");
}

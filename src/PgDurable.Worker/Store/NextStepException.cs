using Npgsql;

namespace PgDurable.Worker.Store;

/// <summary>A step committed, but the transaction of the step after it could not be opened.</summary>
internal sealed class NextStepException(PostgresException cause) : Exception(cause.MessageText, cause)
{
    public PostgresException Cause => cause;
}

using Npgsql;

namespace PgDurable;

/// <summary>Errors of the database that callers tell apart have a type of their own.</summary>
internal static class ClientErrors
{
    /// <summary>The exception to throw instead; null to leave it as it is.</summary>
    public static Exception? Translate(Exception exception, in ClientCall call) => exception is not PostgresException error ? null : error.SqlState switch
    {
        DurableErrorCodes.InstanceNotFound when call.InstanceId is { } id => new WorkflowNotFoundException(id, error),
        DurableErrorCodes.InvalidState when call.InstanceId is { } id => new WorkflowStateException(id, error.MessageText, error),
        DurableErrorCodes.WorkflowNotFound when call.Workflow is { } name => new WorkflowNotRegisteredException(name, call.Version, error),
        _ => null,
    };
}

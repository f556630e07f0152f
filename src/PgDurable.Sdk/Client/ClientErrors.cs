using Npgsql;

namespace PgDurable;

/// <summary>Translates the database errors that callers handle specifically to exception types of their own.</summary>
internal static class ClientErrors
{
    /// <summary>Returns the exception to throw instead, or null to rethrow the original.</summary>
    public static Exception? Translate(Exception exception, in ClientCall call) => exception is not PostgresException error
        ? null
        : error.SqlState switch
        {
            DurableErrorCodes.InstanceNotFound when call.InstanceId is { } id => new WorkflowNotFoundException(id, error),
            DurableErrorCodes.InvalidState or DurableErrorCodes.CannotContinue when call.InstanceId is { } id =>
                new WorkflowStateException(id, error.MessageText, error),
            DurableErrorCodes.WorkflowNotFound when call.Workflow is { } name =>
                new WorkflowNotRegisteredException(name, call.Version, error),
            _ => null,
        };
}

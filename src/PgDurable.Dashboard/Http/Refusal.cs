using Npgsql;

namespace PgDurable.Dashboard.Http;

/// <summary>What a page says about an error.</summary>
internal sealed record Refusal(int Status, string Title, string Message, string? Advice)
{
    /// <summary>What to say about an error; null if it is a defect of the dashboard, which the application has to report.</summary>
    public static Refusal? Of(Exception error) => error switch
    {
        RefusedException refused => new(refused.Status, refused.Title, refused.Message, refused.Advice),
        WorkflowNotFoundException => new(404, "Not found", error.Message, "It may have been removed, or belong to another role."),
        PostgresException { SqlState: DurableErrorCodes.InstanceNotFound or DurableErrorCodes.ScheduleNotFound } missing => new(
            404, "Not found", missing.MessageText, "It may have been removed, or belong to another role."),
        WorkflowStateException or WorkflowNotRegisteredException => new(409, "That can't be done now", error.Message, null),
        System.Text.Json.JsonException => new(400, "That isn't JSON", error.Message, null),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new(
            503, "That takes too long", "The database didn't answer within the time limit of a statement.",
            "Narrow the search, or raise StatementTimeout in AddPgDurableDashboard."),
        PostgresException { SqlState: PostgresErrorCodes.InvalidParameterValue } invalid => new(
            400, "That can't be read", invalid.MessageText, invalid.Hint),
        PostgresException
        {
            SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName
            or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable
        } setup => new(
            403, "The database doesn't allow that", setup.MessageText, SetupProblem.Of(setup)),
        PostgresException other => new(400, "The database refused that", other.MessageText, other.Hint),
        // Neither message says more of the connection string than host and port.
        NpgsqlException or TimeoutException => new(
            503, "No connection to the database", error.InnerException?.Message ?? error.Message, null),
        _ => null,
    };
}

namespace PgDurable.Worker.Store.Sessions;

/// <summary>A step was committed, but the statement that travelled with its commit failed.</summary>
internal sealed class NextStepException(Exception cause) : Exception(cause.Message, cause);

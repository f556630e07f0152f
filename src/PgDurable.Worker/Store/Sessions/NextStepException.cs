namespace PgDurable.Worker.Store.Sessions;

/// <summary>A step committed, but the one that was sent along with its commit failed.</summary>
internal sealed class NextStepException(Exception cause) : Exception(cause.Message, cause);

namespace PgDurable.Worker.Store.Connections;

/// <summary>One of the connections of the worker's session is gone, and with it the session.</summary>
internal sealed class WorkerConnectionException(string message, Exception? cause = null) : Exception(message, cause);

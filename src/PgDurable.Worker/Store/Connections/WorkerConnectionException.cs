namespace PgDurable.Worker.Store.Connections;

/// <summary>One of the connections that the worker's session consists of is gone, and the session with it.</summary>
internal sealed class WorkerConnectionException(string message, Exception? cause = null) : Exception(message, cause);

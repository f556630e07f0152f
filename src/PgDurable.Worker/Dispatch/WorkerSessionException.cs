namespace PgDurable.Worker.Dispatch;

/// <summary>A session can't be had, or can't go on: the worker starts a new one later.</summary>
internal sealed class WorkerSessionException(string message) : Exception(message);

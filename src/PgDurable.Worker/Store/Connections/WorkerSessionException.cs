namespace PgDurable.Worker.Store.Connections;

/// <summary>A session can't be had, or can't go on: the worker starts a new one later.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="isOfSchema">There is no schema to work with, and there may be none for long.</param>
internal sealed class WorkerSessionException(string message, bool isOfSchema = false) : Exception(message)
{
    public bool IsOfSchema => isOfSchema;
}

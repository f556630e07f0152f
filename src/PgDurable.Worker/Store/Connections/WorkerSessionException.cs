namespace PgDurable.Worker.Store.Connections;

/// <summary>A session can't begin or can't continue. The worker starts a new one later.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="isOfSchema">Whether the schema is missing, which may last.</param>
/// <param name="isFinal">Whether the worker's own settings are the reason, so that no other attempt can succeed.</param>
internal sealed class WorkerSessionException(string message, bool isOfSchema = false, bool isFinal = false) : Exception(message)
{
    public bool IsOfSchema => isOfSchema;

    public bool IsFinal => isFinal;
}

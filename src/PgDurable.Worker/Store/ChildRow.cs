using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>A child workflow.</summary>
internal sealed record ChildRow(ExecutionKey Execution, string Id, string Status, string? ResultJson, string? ErrorJson)
{
    public bool HasEnded => Status is "completed" or "failed" or "cancelled";
}

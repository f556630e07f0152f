using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>A child workflow that has ended.</summary>
internal sealed record ChildRow(ExecutionKey Execution, string Id, string Status, string? ResultJson, string? ErrorJson);

using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>An instance that a <c>df.call</c> step started.</summary>
/// <param name="Execution">That execution of the step.</param>
/// <param name="Id">The child's id.</param>
/// <param name="Status">pending, running, completed, failed or cancelled.</param>
/// <param name="ResultJson">Its result when it completed.</param>
/// <param name="ErrorJson">Its error when it failed or was cancelled.</param>
internal sealed record ChildInstance(ExecutionKey Execution, string Id, string Status, string? ResultJson, string? ErrorJson);

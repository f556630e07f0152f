using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>A task that has ended.</summary>
/// <param name="InstanceNo">The instance.</param>
/// <param name="Execution">The execution that waits for it.</param>
/// <param name="ResultJson">What it was completed with.</param>
/// <param name="ErrorJson">Why it failed; <c>null</c> if it was completed.</param>
/// <param name="Attempt">The attempt of an enclosing retry.</param>
/// <param name="IsLeft">Whether it has ended, but its result did not fit into the answer.</param>
internal sealed record TaskRow(long InstanceNo, ExecutionKey Execution, string? ResultJson, string? ErrorJson, int Attempt,
    bool IsLeft = false);

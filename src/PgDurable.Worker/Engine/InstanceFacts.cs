using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What is known about an instance from its start.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">Its label.</param>
/// <param name="InputJson">Its input.</param>
/// <param name="Variables">The variables captured at its start.</param>
/// <param name="MinLoopInterval">The minimum interval between iterations of loops that don't set their own.</param>
/// <param name="ResumedAt">
/// When it was retried after a failure, or forked from another instance. What waits then starts again from there.
/// </param>
internal sealed record InstanceFacts(
    string Id, string? Label, string? InputJson, ImmutableDictionary<string, string> Variables, TimeSpan MinLoopInterval,
    DateTimeOffset? ResumedAt = null);

using System.Collections.Immutable;

namespace PgDurable.Worker.Engine;

/// <summary>What is known of an instance from its start on.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">Its label.</param>
/// <param name="InputJson">Its input.</param>
/// <param name="Variables">The variables captured at its start.</param>
/// <param name="MinLoopInterval">The pace of loops that say nothing about it.</param>
/// <param name="RetriedAt">When it was retried after a failure: the time-outs that it is inside of begin anew.</param>
internal sealed record InstanceFacts(
    string Id, string? Label, string? InputJson, ImmutableDictionary<string, string> Variables, TimeSpan MinLoopInterval,
    DateTimeOffset? RetriedAt = null);

using System.Collections.Immutable;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>The branches of a JOIN or RACE: left, right, and the extra ones.</summary>
internal static class Branches
{
    public static ImmutableArray<int> Of(Node node) => [node.Left, node.Right, .. node.Extra];

    /// <summary>
    /// Of executions that ran in parallel, the one that decides because it did not complete: the first one. In a loop that continues on
    /// failure, a fatal failure takes precedence, or the loop would go on despite it. Null if all completed.
    /// </summary>
    public static int? Deciding(Frame frame, IReadOnlyList<End?> ends)
    {
        int? first = null;
        for (var i = 0; i < ends.Count; i++)
        {
            if (ends[i] is End.Failed { Failure.Error.IsFatal: true } && LoopRule.GoesOn(frame))
                return i;
            if (ends[i] is not (null or End.Completed))
                first ??= i;
        }
        return first;
    }

    public static int IndexOf(Node node, int child) => child == node.Left ? 0 : child == node.Right ? 1 : 2 + node.Extra.IndexOf(child);
}

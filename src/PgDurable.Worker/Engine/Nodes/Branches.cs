using System.Collections.Immutable;
using PgDurable.Graph;

namespace PgDurable.Worker.Engine.Nodes;

/// <summary>The branches of a JOIN or RACE: left, right, and the extra ones.</summary>
internal static class Branches
{
    public static ImmutableArray<int> Of(Node node) => [node.Left, node.Right, .. node.Extra];

    public static int IndexOf(Node node, int child) => child == node.Left ? 0 : child == node.Right ? 1 : 2 + node.Extra.IndexOf(child);
}

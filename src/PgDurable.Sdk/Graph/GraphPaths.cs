using System.Globalization;

namespace PgDurable.Graph;

/// <summary>Where nodes are in their graph.</summary>
internal sealed class GraphPaths(WorkflowGraph graph)
{
    /// <summary>From the root: <c>root.left.extra_nodes[0]</c>.</summary>
    public string Of(Node node) => node.Parent < 0 ? "root" : Of(graph.Nodes[node.Parent]) + Slot(node);

    private string Slot(Node node)
    {
        var parent = graph.Nodes[node.Parent];
        if (node.Number == parent.Left) return ".left";
        if (node.Number == parent.Right) return ".right";
        if (node.Number == parent.Condition) return ".condition_node";
        return string.Create(CultureInfo.InvariantCulture, $".extra_nodes[{parent.Extra.IndexOf(node.Number)}]");
    }
}

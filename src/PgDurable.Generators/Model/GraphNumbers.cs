namespace PgDurable.Generators.Model;

/// <summary>Numbers the nodes of a graph as the engine does: the root is 0, and a node's children come after it.</summary>
internal static class GraphNumbers
{
    /// <param name="root">The graph.</param>
    /// <param name="depth">How deep it is nested; the root is at depth 0.</param>
    public static Dictionary<GraphNode, int> Of(GraphNode root, out int depth)
    {
        var numbers = new Dictionary<GraphNode, int>();
        var open = new Stack<(GraphNode Node, int Depth)>();
        open.Push((root, 0));
        depth = 0;
        while (open.Count > 0)
        {
            var (node, at) = open.Pop();
            numbers.Add(node, numbers.Count);
            depth = Math.Max(depth, at);
            foreach (var child in node.Children.Reverse())
                open.Push((child, at + 1));
        }

        return numbers;
    }
}

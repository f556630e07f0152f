using System.Globalization;

namespace PgDurable.Graph;

/// <summary>
/// The names of results that a graph binds. <c>df.if_rows</c> and <c>df.foreach</c> name one. If no node of the graph binds it, it is
/// misspelt, and the graph can't be started. The worker doesn't check: there the step fails. The rule is that of the SQL function
/// <c>df._unbound_names</c>.
/// </summary>
internal static class BoundNames
{
    /// <exception cref="GraphFormatException">A node names a result that doesn't exist.</exception>
    public static void Check(WorkflowGraph graph)
    {
        var bound = Of(graph);
        foreach (var node in graph.Nodes)
        {
            var (composer, name) = node.Config switch
            {
                NodeConfig.RowTest test => ("df.if_rows", test.ResultName),
                NodeConfig.ForEach each => ("df.foreach", each.Rows),
                _ => ("", "input"),
            };
            if (!bound.Contains(name))
            {
                var names = string.Join(", ", bound);
                throw new GraphFormatException(
                    Path(graph, node), $"{composer}: result '{name}' not found: no node of the graph has this name. Names: {names}");
            }
        }
        BoundReferences.Check(graph, bound, node => Path(graph, node));
    }

    private static SortedSet<string> Of(WorkflowGraph graph)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal) { "input" };
        foreach (var node in graph.Nodes)
        {
            if (node.Kind == NodeKind.Try)
                names.Add("error");
            if (node.ResultName is not null)
                names.Add(node.ResultName);
            if (node.Config is NodeConfig.ForEach each)
                names.Add(each.ItemName);
        }
        return names;
    }

    private static string Path(WorkflowGraph graph, Node node)
    {
        if (node.Parent < 0)
            return "root";
        var parent = graph.Nodes[node.Parent];
        var slot = node.Number == parent.Left ? "left"
            : node.Number == parent.Right ? "right"
            : node.Number == parent.Condition ? "condition_node"
            : string.Create(CultureInfo.InvariantCulture, $"extra_nodes[{parent.Extra.IndexOf(node.Number)}]");
        return $"{Path(graph, parent)}.{slot}";
    }
}

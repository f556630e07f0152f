namespace PgDurable.Graph;

/// <summary>Which children and settings each kind of node has.</summary>
internal static class NodeShape
{
    /// <summary>What is wrong with a node, or NULL.</summary>
    public static string? Defect(Node node)
    {
        var name = NodeKinds.Name(node.Kind);
        var (left, right, query) = Wants(node.Kind);
        if (left && right && (node.Left < 0 || node.Right < 0)) return $"{name} nodes need a left_node and a right_node";
        if (left && node.Left < 0) return $"{name} nodes need a left_node";
        if (!left && (node.Left >= 0 || node.Right >= 0)) return $"{name} nodes have no children";
        if (!right && node.Right >= 0) return $"{name} nodes have no right_node";
        if (query is true && node.Query is null) return $"{name} nodes need a query";
        if (query is false && node.Query is not null) return $"{name} nodes have no query";
        if (node is { Kind: NodeKind.If, Condition: < 0, Config: null }) return "IF nodes need a condition_node";
        if (node is { Kind: NodeKind.Try, Extra.Length: > 1 }) return "TRY nodes have at most one entry in extra_nodes";
        return null;
    }

    private static (bool Left, bool Right, bool? Query) Wants(NodeKind kind) => kind switch
    {
        NodeKind.Sql or NodeKind.Break or NodeKind.Sleep or NodeKind.WaitSchedule or NodeKind.Http or NodeKind.HttpMultipart or NodeKind.Signal
            or NodeKind.Fail or NodeKind.Call or NodeKind.HttpJson => (false, false, true),
        NodeKind.Then or NodeKind.Race or NodeKind.Undo or NodeKind.Try => (true, true, false),
        NodeKind.If or NodeKind.Join => (true, true, null),
        NodeKind.Loop => (true, false, null),
        NodeKind.Retry or NodeKind.Timeout or NodeKind.ForEach => (true, false, true),
    };
}

using System.Text.Json;

namespace PgDurable.Graph;

/// <summary>
/// Which children and settings each kind of node has. The rules and their messages are those of <c>df._shape_problem</c>.
/// </summary>
/// <param name="Left">Whether the node has a left child.</param>
/// <param name="Right">Whether the node has a right child.</param>
/// <param name="Condition">Whether the node has a condition.</param>
/// <param name="Extra">The number of further children.</param>
/// <param name="Query">Whether the node has a query.</param>
internal readonly record struct NodeShape(bool Left, bool Right, bool Condition, int Extra, bool Query)
{
    /// <summary>The problem with a node of this shape, or null.</summary>
    public string? Defect(NodeKind kind)
    {
        var name = NodeKinds.Name(kind);
        var (left, right, query) = Wants(kind);
        if (!left && (Left || Right || Condition || Extra > 0))
            return $"{name} nodes cannot have children";
        if (right && !(Left && Right))
            return $"{name} nodes need a left_node and a right_node";
        if (left && !Left)
            return $"{name} nodes need a left_node";
        if (!right && Right)
            return $"{name} nodes cannot have a right_node";
        if (kind == NodeKind.Try && Extra > 1)
            return "TRY nodes can have at most one extra node, which runs finally";
        if (query is false && Query)
            return $"{name} nodes cannot have a query";
        if (kind == NodeKind.If && Query == Condition)
            return "IF nodes need either a condition_node or a query that names a result";
        if (query is true && !Query)
            return $"{name} nodes need a query";
        return null;
    }

    /// <summary>
    /// The problem with an envelope itself, without its children, or null. The rules are those of <c>df._node_defect</c>.
    /// </summary>
    public static string? Defect(JsonElement envelope)
    {
        if (envelope.ValueKind != JsonValueKind.Object)
            return "a node must be a JSON object";
        if (!Is("node_type", JsonValueKind.String))
            return "missing field node_type";
        if (!IsOrNone("left_node", JsonValueKind.Object) || !IsOrNone("right_node", JsonValueKind.Object))
            return "Durofut children must be JSON objects";
        if (!IsOrNone("condition_node", JsonValueKind.Object))
            return "condition_node must be a Durofut JSON object";
        if (!IsOrNone("extra_nodes", JsonValueKind.Array)
            || (Is("extra_nodes", JsonValueKind.Array)
                && envelope.GetProperty("extra_nodes").EnumerateArray().Any(e => e.ValueKind != JsonValueKind.Object)))
            return "extra_nodes entries must be Durofut JSON objects";
        if (!IsOrNone("query", JsonValueKind.String))
            return "query must be a string";
        if (!IsOrNone("result_name", JsonValueKind.String))
            return "result_name must be a string";
        return null;

        bool Is(string key, JsonValueKind kind) => envelope.TryGetProperty(key, out var value) && value.ValueKind == kind;
        bool IsOrNone(string key, JsonValueKind kind) =>
            !envelope.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null || value.ValueKind == kind;
    }

    private static (bool Left, bool Right, bool? Query) Wants(NodeKind kind) => kind switch
    {
        NodeKind.Sql or NodeKind.Break or NodeKind.Sleep or NodeKind.WaitSchedule or NodeKind.Http or NodeKind.HttpMultipart
            or NodeKind.HttpJson or NodeKind.Signal or NodeKind.Fail or NodeKind.Call or NodeKind.Activity => (false, false, true),
        NodeKind.Then or NodeKind.Race or NodeKind.Undo or NodeKind.Try => (true, true, false),
        NodeKind.If or NodeKind.Join => (true, true, null),
        NodeKind.Loop => (true, false, null),
        NodeKind.Retry or NodeKind.Timeout or NodeKind.ForEach => (true, false, true),
    };
}

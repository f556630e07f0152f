using System.Text;
using PgDurable.Graph;

namespace PgDurable;

/// <summary>Puts a node together: its envelope as the SQL composer of the same name writes it, and the call of that composer.</summary>
internal static class Composition
{
    /// <exception cref="ArgumentException">The settings are not what the kind of node needs.</exception>
    public static DfNode Node(
        NodeKind kind, SqlExpression sql, DfNode? left = null, DfNode? right = null, DfNode? condition = null,
        ReadOnlySpan<DfNode> extra = default, string? config = null)
    {
        List<object> pieces = [$"{{\"node_type\":\"{NodeKinds.Name(kind)}\""];
        Add("left_node", left);
        Add("right_node", right);
        Add("condition_node", condition);
        for (var i = 0; i < extra.Length; i++)
        {
            pieces.Add(i == 0 ? ",\"extra_nodes\":[" : ",");
            pieces.Add(extra[i].Json);
        }
        if (!extra.IsEmpty)
            pieces.Add("]");
        if (config is not null)
        {
            Check(kind, config);
            var query = new StringBuilder(",\"query\":");
            GraphWriter.AppendString(query, config);
            pieces.Add(query.ToString());
        }
        return new DfNode(new TextPieces([.. pieces]), sql);

        void Add(string key, DfNode? child)
        {
            if (child is null)
                return;
            pieces.Add($",\"{key}\":");
            pieces.Add(child.Json);
        }
    }

    private static void Check(NodeKind kind, string config)
    {
        StepText.Check(config);
        try
        {
            NodeConfig.Check(kind, config);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }
}

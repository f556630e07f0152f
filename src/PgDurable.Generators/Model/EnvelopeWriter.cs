using System.Text;
using PgDurable.Graph;

namespace PgDurable.Generators.Model;

/// <summary>
/// Writes a graph as the same bytes that the SQL composers build from the same nodes, so that a graph has one content hash, whether it was
/// written in C# or in SQL.
/// </summary>
internal static class EnvelopeWriter
{
    public static string Write(GraphNode root)
    {
        var json = new StringBuilder();
        Append(json, root);
        return json.ToString();
    }

    private static void Append(StringBuilder json, GraphNode node)
    {
        json.Append("{\"node_type\":\"").Append(NodeKinds.Name(node.Kind)).Append('"');
        Append(json, "left_node", node.Left);
        Append(json, "right_node", node.Right);
        Append(json, "condition_node", node.Condition);
        for (var i = 0; i < node.Extra.Count; i++)
        {
            json.Append(i == 0 ? ",\"extra_nodes\":[" : ",");
            Append(json, node.Extra[i]);
        }

        if (node.Extra.Count > 0)
            json.Append(']');
        Append(json, "query", node.Query);
        Append(json, "result_name", node.Name);
        json.Append('}');
    }

    private static void Append(StringBuilder json, string key, GraphNode? child)
    {
        if (child is null)
            return;
        json.Append(",\"").Append(key).Append("\":");
        Append(json, child);
    }

    private static void Append(StringBuilder json, string key, string? text)
    {
        if (text is null)
            return;
        json.Append(",\"").Append(key).Append("\":");
        GraphWriter.AppendString(json, text);
    }
}

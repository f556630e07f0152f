using System.Text;

namespace PgDurable.Graph;

/// <summary>
/// Writes the same envelope as the SQL composers, byte for byte. So a graph has the same content hash, no matter which front door it came
/// through.
/// </summary>
internal static class EnvelopeWriter
{
    /// <summary>Writes the envelope without the result's name and the end.</summary>
    /// <param name="node">The node.</param>
    /// <param name="text">Writes text.</param>
    /// <param name="child">Writes a child.</param>
    public static void WriteUnnamed<TNode>(Composed<TNode> node, Action<string> text, Action<TNode> child)
        where TNode : class
    {
        text($"{{\"node_type\":\"{NodeKinds.Name(node.Kind)}\"");
        Write("left_node", node.Left);
        Write("right_node", node.Right);
        Write("condition_node", node.Condition);
        for (var i = 0; i < node.Extra.Count; i++)
        {
            text(i == 0 ? ",\"extra_nodes\":[" : ",");
            child(node.Extra[i]);
        }
        if (node.Extra.Count > 0)
            text("]");
        if (node.Query is not null)
            text(Member("query", node.Query));

        void Write(string key, TNode? below)
        {
            if (below is null)
                return;
            text($",\"{key}\":");
            child(below);
        }
    }

    /// <summary>Writes what follows <see cref="WriteUnnamed"/>.</summary>
    public static string End(string? name) => name is null ? "}" : Member("result_name", name) + "}";

    private static string Member(string key, string value) =>
        GraphWriter.AppendString(new StringBuilder(",\"").Append(key).Append("\":"), value).ToString();
}

using System.Text;
using Microsoft.CodeAnalysis;
using PgDurable.Graph;

namespace PgDurable.Generators.Model;

/// <summary>A node of a workflow's graph.</summary>
internal sealed class GraphNode(Composed<GraphNode> composed)
{
    /// <summary>Its shape and its settings, and the call of the SQL composer that makes it.</summary>
    public Composed<GraphNode> Composed => composed;

    public NodeKind Kind => composed.Kind;

    public GraphNode? Left => composed.Left;

    public GraphNode? Right => composed.Right;

    public IEnumerable<GraphNode> Children => composed.Children;

    /// <summary>The name of the result.</summary>
    public string? Name { get; set; }

    /// <summary>The line of C# that it comes from.</summary>
    public SourceLine? Source { get; set; }

    /// <summary>The call or the condition that it comes from.</summary>
    public Location? Place { get; set; }

    public string ToJson()
    {
        var json = new StringBuilder();
        Append(this);
        return json.ToString();

        void Append(GraphNode node)
        {
            EnvelopeWriter.WriteUnnamed(node.Composed, text => json.Append(text), Append);
            json.Append(EnvelopeWriter.End(node.Name));
        }
    }
}

using System.Collections.Immutable;

namespace PgDurable.Graph;

/// <summary>A workflow as the worker runs it: the nodes of a graph envelope, numbered in pre-order.</summary>
public sealed class WorkflowGraph
{
    /// <summary>The deepest nesting that a graph may have; the root is at depth 0.</summary>
    public const int MaxDepth = Limits.MaxDepth;

    /// <summary>The most nodes that a graph may have.</summary>
    public const int MaxNodes = Limits.MaxNodes;

    internal WorkflowGraph(ImmutableArray<Node> nodes) => Nodes = nodes;

    /// <summary>The nodes; the index is the node's number, 0 is the root.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Reads a graph envelope.</summary>
    /// <param name="json">The envelope, as composers and the generator write it.</param>
    /// <exception cref="GraphFormatException">The text is no valid graph; the message says what is wrong and where.</exception>
    public static WorkflowGraph Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return GraphReader.Read(json);
    }
}

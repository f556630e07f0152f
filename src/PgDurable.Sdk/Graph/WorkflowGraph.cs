using System.Collections.Immutable;

namespace PgDurable.Graph;

/// <summary>A workflow as the worker runs it: the nodes of a graph envelope, numbered in pre-order.</summary>
public sealed class WorkflowGraph
{
    /// <summary>The maximum nesting depth of a graph; the root is at depth 0.</summary>
    public const int MaxDepth = Limits.MaxDepth;

    /// <summary>The maximum number of nodes in a graph.</summary>
    public const int MaxNodes = Limits.MaxNodes;

    internal WorkflowGraph(ImmutableArray<Node> nodes) => Nodes = nodes;

    /// <summary>The nodes by number; 0 is the root.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Whether <c>df.cancel</c> lets it undo its steps: see <see cref="UndoOnCancel"/>.</summary>
    internal bool UndoesOnCancel =>
        Nodes[0] is { Kind: NodeKind.Race, Right: var watch and >= 0 }
        && Nodes[watch] is { Kind: NodeKind.Then, Left: var wait and >= 0 }
        && Nodes[wait].Config is NodeConfig.Signal { Name: UndoOnCancel.Signal };

    /// <summary>Reads a graph envelope.</summary>
    /// <param name="json">The envelope, as composers and the generator write it.</param>
    /// <exception cref="GraphFormatException">The text isn't a valid graph. The message says what is wrong and where.</exception>
    public static WorkflowGraph Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return GraphReader.Read(json);
    }
}

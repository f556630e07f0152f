using PgDurable.Graph;

namespace PgDurable.Generators.Model;

/// <summary>A node of a workflow's graph, with the call to the SQL composer that makes it.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="call">The arguments of the composer; null for SQL and THEN, which are written as text and as an operator.</param>
internal sealed class GraphNode(NodeKind kind, CallArgument[]? call = null)
{
    public NodeKind Kind => kind;

    /// <summary>The composer's arguments, in its order.</summary>
    public IReadOnlyList<CallArgument> Call => call ?? [];

    public GraphNode? Left { get; set; }

    public GraphNode? Right { get; set; }

    public GraphNode? Condition { get; set; }

    public IReadOnlyList<GraphNode> Extra { get; set; } = [];

    /// <summary>The statement, or the settings.</summary>
    public string? Query { get; set; }

    /// <summary>The milliseconds of <c>df.pace</c> around the call; null if there is no <c>df.pace</c>.</summary>
    public int? Pace { get; set; }

    /// <summary>What <c>df.with_http_options</c> adds to it; null if there is nothing to add.</summary>
    public string? HttpOptions { get; set; }

    /// <summary>The name of the result.</summary>
    public string? Name { get; set; }

    /// <summary>The line of C# that it comes from.</summary>
    public SourceLine? Source { get; set; }

    /// <summary>The children in the order in which nodes are numbered.</summary>
    public IEnumerable<GraphNode> Children
    {
        get
        {
            foreach (var child in (GraphNode?[])[Left, Right, Condition, .. Extra])
            {
                if (child is not null)
                    yield return child;
            }
        }
    }
}

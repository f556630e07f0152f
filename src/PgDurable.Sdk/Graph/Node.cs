using PgDurable.Sql;

namespace PgDurable.Graph;

/// <summary>One node of a <see cref="WorkflowGraph"/>.</summary>
/// <param name="Number">Its number, counted from 0 in pre-order. Checkpoints are keyed by it.</param>
/// <param name="Kind">What the node does.</param>
/// <param name="Parent">Number of the node above it; -1 for the root.</param>
/// <param name="Left">Number of the left child; -1 if there is none.</param>
/// <param name="Right">Number of the right child; -1 if there is none.</param>
/// <param name="Query">The SQL text of a <see cref="NodeKind.Sql"/> node.</param>
/// <param name="ResultName">The name under which later steps read the node's result.</param>
public sealed record Node(int Number, NodeKind Kind, int Parent, int Left, int Right, string? Query, string? ResultName)
{
    /// <summary>
    /// Why the query can't be a step, if so. Found once for the graph and not at every execution: values that replace references are literals, and make no other
    /// statement of it.
    /// </summary>
    internal string? SqlDefect { get; } = Query is null ? null : SqlStatements.Check(Query);

    /// <summary>The number as SQL functions show it: 8 lower-case hexadecimal digits.</summary>
    public string Id => Number.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What people call the node: its result's name, or how its SQL begins (at most 60 characters), or its kind.</summary>
    public string Name
    {
        get
        {
            if (ResultName is not null) return ResultName;
            if (Query is null) return Kind.ToString().ToUpperInvariant();
            var words = string.Join(' ', Query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return words.Length <= 60 ? words : words[..60];
        }
    }
}

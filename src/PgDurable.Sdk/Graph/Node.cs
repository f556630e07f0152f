using System.Collections.Immutable;
using PgDurable.Sql;

namespace PgDurable.Graph;

/// <summary>One node of a <see cref="WorkflowGraph"/>.</summary>
/// <param name="Number">Its number, counted from 0 in pre-order (left, right, condition, extra nodes). Checkpoints are keyed by it.</param>
/// <param name="Kind">What the node does.</param>
/// <param name="Parent">Number of the node above it; -1 for the root.</param>
/// <param name="Left">Number of the left child; -1 if there is none.</param>
/// <param name="Right">Number of the right child; -1 if there is none.</param>
/// <param name="Query">The SQL text of a <see cref="NodeKind.Sql"/> node, or the settings of another one as JSON.</param>
/// <param name="ResultName">The name under which later steps read the node's result.</param>
public sealed record Node(int Number, NodeKind Kind, int Parent, int Left, int Right, string? Query, string? ResultName)
{
    /// <summary>Number of the condition; -1 if there is none.</summary>
    public int Condition { get; init; } = -1;

    /// <summary>Numbers of the branches after the second one, or of a TRY's last part.</summary>
    public ImmutableArray<int> Extra { get; init; } = [];

    /// <summary>The highest number below this node, or its own if it has no children.</summary>
    public int Last { get; init; } = Number;

    /// <summary>The settings in <see cref="Query"/>, or null if the kind has none.</summary>
    internal NodeConfig? Config { get; init; }

    /// <summary>
    /// The reason why the query can't be a step, or null. Computed once per graph, not at every execution: references are replaced by
    /// literals, which don't change the kind of statement.
    /// </summary>
    internal string? SqlDefect { get; } = Kind == NodeKind.Sql && Query is not null ? SqlStatements.Check(Query) : null;

    /// <summary>The number as SQL functions show it: 8 lowercase hexadecimal digits.</summary>
    public string Id => Number.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The node's display name: its result's name, or the beginning of its SQL (at most 60 characters), or its kind.</summary>
    public string Name
    {
        get
        {
            if (ResultName is not null)
                return ResultName;
            if (Query is null || Kind != NodeKind.Sql)
                return NodeKinds.Name(Kind);
            var words = string.Join(' ', Query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return words.Length <= 60 ? words : words[..60];
        }
    }
}

using PgDurable.Graph;

namespace PgDurable.Dashboard.Pages.Parts;

/// <summary>What is known of a node of an instance.</summary>
/// <param name="Status">completed, failed, running, pending, skipped or cancelled.</param>
/// <param name="Error">The message of its failure.</param>
/// <param name="Path">Its iteration and item, as in <c>df.nodes</c>.</param>
/// <param name="Started">When it began.</param>
/// <param name="Finished">When it ended.</param>
/// <param name="Executions">How many times it has ended.</param>
/// <param name="Attempts">How many attempts its last execution took.</param>
/// <param name="Result">The beginning of its result.</param>
internal sealed record NodeState(
    string Status, string? Error, string? Path, DateTimeOffset? Started, DateTimeOffset? Finished, long Executions, int Attempts,
    string? Result);

/// <summary>A part of the drawing of a graph: a node with its branches, or a number of nodes that are folded.</summary>
internal abstract record Block
{
    private Block()
    {
    }

    /// <summary>A node.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Line">What it is, in one line.</param>
    /// <param name="State">What is known of it; null for a workflow.</param>
    /// <param name="Source">Where it was written.</param>
    /// <param name="Branches">What is below it.</param>
    internal sealed record Drawn(
        Node Node, string Line, NodeState? State, string? Source,
        IReadOnlyList<(string Title, IReadOnlyList<Block> Blocks)> Branches) : Block;

    /// <summary>Steps that follow each other, and in which there is nothing to see.</summary>
    /// <param name="First">The number of the first node.</param>
    /// <param name="Count">How many nodes they have.</param>
    /// <param name="Status">The state of all of them, or null if they differ.</param>
    internal sealed record Folded(int First, int Count, string? Status) : Block;
}

/// <summary>Chooses what of a graph to draw: all of a small one, and of a large one what runs, what failed and what is around it.</summary>
internal sealed class BlockReader
{
    // More nodes than this can't be read, and make a page slow.
    private const int Room = 250;

    // What is next to something that runs is shown too.
    private const int Around = 4;

    private readonly WorkflowGraph _graph;
    private readonly IReadOnlyDictionary<int, NodeState> _states;
    private readonly IReadOnlyList<string?> _sources;
    private readonly int? _shown;
    private readonly bool[] _isLoud;
    private int _left = Room;

    private BlockReader(WorkflowGraph graph, IReadOnlyDictionary<int, NodeState> states, IReadOnlyList<string?> sources, int? shown)
    {
        (_graph, _states, _sources, _shown) = (graph, states, sources, shown);
        _isLoud = new bool[graph.Nodes.Length];
        // Children have higher numbers than their parents.
        for (var i = graph.Nodes.Length - 1; i >= 0; i--)
        {
            _isLoud[i] |= states.GetValueOrDefault(i)?.Status is "running" or "failed";
            if (_isLoud[i] && graph.Nodes[i].Parent >= 0)
                _isLoud[graph.Nodes[i].Parent] = true;
        }
    }

    /// <summary>Reads a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="states">The states of its nodes; empty for a workflow.</param>
    /// <param name="sources">Where the nodes were written.</param>
    /// <param name="shown">The number of a node to show with what follows it, or null.</param>
    public static IReadOnlyList<Block> Read(
        WorkflowGraph graph, IReadOnlyDictionary<int, NodeState> states, IReadOnlyList<string?> sources, int? shown) =>
        new BlockReader(graph, states, sources, shown).Chain(0);

    private List<Block> Chain(int first)
    {
        var members = new List<int>();
        var open = new Stack<int>([first]);
        while (open.TryPop(out var number))
        {
            if (_graph.Nodes[number] is { Kind: NodeKind.Then } node)
            {
                open.Push(node.Right);
                open.Push(node.Left);
            }
            else
            {
                members.Add(number);
            }
        }

        return Draw(members);
    }

    // What has no room is folded; steps that follow each other into one.
    private List<Block> Draw(List<int> members)
    {
        var blocks = new List<Block>();
        foreach (var (number, place) in members.Select((number, place) => (number, place)))
        {
            if (_left > 0 && (_graph.Nodes.Length <= Room || IsWanted(members, place)))
            {
                _left--;
                blocks.Add(Drawn(number));
            }
            else
            {
                var count = _graph.Nodes[number].Last - number + 1;
                var status = _states.GetValueOrDefault(number)?.Status;
                if (blocks is [.., Block.Folded folded])
                    blocks[^1] = new Block.Folded(folded.First, folded.Count + count, folded.Status == status ? status : null);
                else
                    blocks.Add(new Block.Folded(number, count, status));
            }
        }

        return blocks;
    }

    private bool IsWanted(List<int> members, int place)
    {
        var node = _graph.Nodes[members[place]];
        if (_isLoud[node.Number] || (_shown is { } shown && shown <= node.Last && node.Number < shown + (Room / 2)))
            return true;
        if (place < Around || place >= members.Count - Around)
            return true;
        for (var other = Math.Max(0, place - Around); other <= Math.Min(members.Count - 1, place + Around); other++)
        {
            if (_isLoud[members[other]])
                return true;
        }

        return false;
    }

    private Block.Drawn Drawn(int number)
    {
        var node = _graph.Nodes[number];
        var branches = GraphTree.Children(node).ToList();
        // Hundreds of branches are folded like hundreds of steps.
        IReadOnlyList<(string, IReadOnlyList<Block>)> drawn = node.Kind is NodeKind.Join or NodeKind.Race && branches.Count > 8
            ? [($"║ {branches.Count} branches:", Draw([.. branches.Select(branch => branch.Number)]))]
            : [.. branches.Select(branch => (branch.Title, (IReadOnlyList<Block>)Chain(branch.Number)))];
        return new(node, GraphTree.Line(node), _states.GetValueOrDefault(number), _sources.ElementAtOrDefault(number), drawn);
    }
}

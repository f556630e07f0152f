using Microsoft.CodeAnalysis;
using PgDurable.Generators.Model;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>Steps in sequence, grouped to the left, as <c>a ~> b ~> c</c> is.</summary>
internal sealed class Chain(FlowModel flow)
{
    private readonly List<GraphNode> _steps = [];

    /// <summary>Whether nothing after the last step runs.</summary>
    public bool Ends { get; set; }

    /// <summary>Whether the chain has no steps.</summary>
    public bool IsEmpty => _steps.Count == 0;

    public Lowered Lowered =>
        new(_steps.Count == 0 ? null : _steps.Aggregate(Compose.Then), Ends, _steps.LastOrDefault()?.Name, Type, Form);

    /// <summary>The type of the last step's result; null if it has none.</summary>
    public ITypeSymbol? Type { get; set; }

    /// <summary>The form of the last step's result.</summary>
    public ResultForm Form { get; set; }

    /// <summary>The type of the flow after the last step.</summary>
    public ITypeSymbol FlowType => Type is null ? flow.Flow : flow.FlowOf(Type);

    public void Add(GraphNode node)
    {
        flow.Cancellation.ThrowIfCancellationRequested();
        // A step that computes values for another comes before it in the same chain.
        if (node is { Kind: NodeKind.Then, Name: null })
        {
            Add(node.Left!);
            Add(node.Right!);
        }
        else
        {
            _steps.Add(node);
        }
    }

    public void AddFirst(GraphNode node) => _steps.Insert(0, node);

    /// <summary>Removes the last step, so that another one can contain it.</summary>
    public GraphNode Take()
    {
        var last = _steps[_steps.Count - 1];
        _steps.RemoveAt(_steps.Count - 1);
        return last;
    }
}

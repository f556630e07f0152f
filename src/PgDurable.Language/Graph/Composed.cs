namespace PgDurable.Graph;

/// <summary>
/// What a composer returns: the shape of a node, its settings, and the call of the SQL function that makes the same node.
/// </summary>
/// <typeparam name="TNode">The type of a child.</typeparam>
internal sealed class Composed<TNode>
    where TNode : class
{
    public Composed(NodeKind kind, string function = "", params Argument<TNode>[] arguments) =>
        (Kind, Function, Arguments) = (kind, function, arguments);

    public NodeKind Kind { get; }

    /// <summary>The SQL function; empty for SQL and THEN, which are written as text and as an operator.</summary>
    public string Function { get; }

    /// <summary>The function's arguments, in its order.</summary>
    public IReadOnlyList<Argument<TNode>> Arguments { get; }

    /// <summary>The call that wraps this one as its first argument, with its second argument. Null if there isn't one.</summary>
    public (string Function, string Argument)? Around { get; init; }

    public TNode? Left { get; init; }

    public TNode? Right { get; init; }

    public TNode? Condition { get; init; }

    public IReadOnlyList<TNode> Extra { get; init; } = [];

    /// <summary>The settings as JSON. For SQL the statement, for SLEEP the seconds.</summary>
    public string? Query { get; init; }

    /// <summary>The children in the order in which nodes are numbered.</summary>
    public IEnumerable<TNode> Children
    {
        get
        {
            foreach (var child in (TNode?[])[Left, Right, Condition, .. Extra])
            {
                if (child is not null)
                    yield return child;
            }
        }
    }
}

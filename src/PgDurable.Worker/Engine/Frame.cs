using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>A node that is being executed.</summary>
internal sealed class Frame(Node node, string path, Frame? parent, Scope scope)
{
    public Node Node => node;

    public string Path => path;

    public Frame? Parent => parent;

    /// <summary>The names that it sees and binds.</summary>
    public Scope Scope => scope;

    public ExecutionKey Key => new(node.Number, path);

    /// <summary>Executions below it that have not ended, in the order in which they began.</summary>
    public List<Frame> Children { get; } = [];

    /// <summary>The wait that it issued itself: a timeout or a pause.</summary>
    public ExecutionKey? OwnWait { get; set; }

    /// <summary>What its rule remembers.</summary>
    public object? State { get; set; }

    /// <summary>Whether it has ended or was stopped.</summary>
    public bool IsClosed { get; set; }

    /// <summary>The path of its <paramref name="index"/>-th iteration, item or attempt.</summary>
    public string PathOf(int index) => FormattableString.Invariant($"{(path.Length == 0 ? "" : path + "/")}{node.Number}:{index}");

    public T StateAs<T>() => (T)State!;
}

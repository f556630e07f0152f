using System.Text;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable.Generators.Model;

/// <summary>Writes a graph as the SQL expression that composes it: one step per line, after a comment with its line of C#.</summary>
internal sealed class SqlWriter
{
    private readonly StringBuilder _sql = new();
    private readonly Dictionary<GraphNode, int> _numbers;

    private SqlWriter(Dictionary<GraphNode, int> numbers) => _numbers = numbers;

    /// <param name="root">The graph.</param>
    /// <param name="numbers">The numbers of its nodes, with which <see cref="SourceComment"/> refers to lines.</param>
    public static string Write(GraphNode root, Dictionary<GraphNode, int> numbers)
    {
        var writer = new SqlWriter(numbers);
        // A composer takes text as a step, but the argument of df.start may be a query of its own.
        if (root is { Kind: NodeKind.Sql, Name: null })
        {
            writer.Comment(root);
            writer._sql.Append(CallWriter.Sql(root.Composed.Query!));
        }
        else
        {
            writer.Node(root, "", "");
        }

        return writer._sql.ToString();
    }

    // Left-nested chains are written from the inside out: a, then each other step after its operator.
    private void Node(GraphNode node, string indent, string chainIndent)
    {
        if (node.Name is { } name)
        {
            Comment(node);
            _sql.Append('(');
            Unnamed(node, indent, isOperand: true);
            _sql.Append(" |=> ").Append(SqlQuote.Literal(name)).Append(')');
        }
        else if (node.Kind == NodeKind.Then)
        {
            Node(node.Left!, indent, chainIndent);
            _sql.Append('\n').Append(chainIndent).Append("  ~> ");
            Operand(node.Right!, chainIndent + "  ");
        }
        else
        {
            Comment(node);
            Unnamed(node, indent, isOperand: false);
        }
    }

    // All operators of the language have the same precedence and group to the left.
    private void Operand(GraphNode node, string indent)
    {
        var isChain = node is { Kind: NodeKind.Then, Name: null };
        if (isChain)
            _sql.Append('(');
        Node(node, indent, indent);
        if (isChain)
            _sql.Append(')');
    }

    private void Unnamed(GraphNode node, string indent, bool isOperand)
    {
        if (node.Kind == NodeKind.Sql)
        {
            _sql.Append(CallWriter.Step(node.Composed.Query!));
        }
        else if (node.Kind == NodeKind.Then)
        {
            _sql.Append(isOperand ? "(" : "");
            Node(node.Left!, indent, indent);
            _sql.Append('\n').Append(indent).Append("  ~> ");
            Operand(node.Right!, indent + "  ");
            _sql.Append(isOperand ? ")" : "");
        }
        else
        {
            CallWriter.Write(node.Composed, indent, text => _sql.Append(text), (child, inner) => Node(child, inner, inner));
        }
    }

    private void Comment(GraphNode node)
    {
        if (node.Kind != NodeKind.Then && node.Source is not null)
            _sql.Append(SourceComment.Marker(_numbers[node]));
    }
}

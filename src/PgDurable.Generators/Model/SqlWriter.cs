using System.Globalization;
using System.Text;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable.Generators.Model;

/// <summary>Writes a graph as the SQL expression that composes it: one step per line, after a comment with its line of C#.</summary>
internal sealed class SqlWriter
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

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
            writer._sql.Append("df.sql(").Append(SqlQuote.Literal(root.Query!)).Append(')');
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
            // Text that a composer would take for something else has to go through df.sql.
            var isPlain = node.Query != "OK" && !node.Query!.TrimStart(Blanks).StartsWith("{", StringComparison.Ordinal);
            _sql.Append(isPlain ? "" : "df.sql(").Append(SqlQuote.Literal(node.Query)).Append(isPlain ? "" : ")");
        }
        else if (node.Kind == NodeKind.Then)
        {
            _sql.Append(isOperand ? "(" : "");
            Node(node.Left!, indent, indent);
            _sql.Append('\n').Append(indent).Append("  ~> ");
            Operand(node.Right!, indent + "  ");
            _sql.Append(isOperand ? ")" : "");
        }
        else if (node.Pace is { } pace)
        {
            _sql.Append("df.pace(\n").Append(indent).Append("    ");
            Call(node, indent + "    ");
            _sql.Append(",\n").Append(indent).Append("    ").Append(pace.ToString(CultureInfo.InvariantCulture)).Append(')');
        }
        else
        {
            Call(node, indent);
        }
    }

    private void Call(GraphNode node, string indent)
    {
        // PostgreSQL passes at most 100 arguments.
        var isArray = node.Kind is NodeKind.Join or NodeKind.Race && node.Call.Count > 100;
        var hasNodes = node.Call.Any(argument => argument.Node is not null);
        var inner = indent + "    ";
        _sql.Append(node.HttpOptions is null ? "" : "df.with_http_options(").Append(Composer(node))
            .Append(isArray ? "(VARIADIC ARRAY[" : "(");
        var (first, hasGap) = (true, false);
        foreach (var argument in node.Call)
        {
            if (!argument.IsGiven)
            {
                hasGap = true;
                continue;
            }

            _sql.Append(first ? "" : ",").Append(hasNodes ? "\n" + inner : first ? "" : " ");
            first = false;
            if (hasGap)
                _sql.Append(argument.Name).Append(" => ");
            if (argument.Node is { } child)
                Node(child, inner, inner);
            else
                _sql.Append(argument.Text);
        }

        _sql.Append(isArray ? "])" : ")");
        if (node.HttpOptions is { } options)
            _sql.Append(", ").Append(SqlQuote.Literal(options)).Append(')');
    }

    private void Comment(GraphNode node)
    {
        if (node.Kind != NodeKind.Then && node.Source is not null)
            _sql.Append(SourceComment.Marker(_numbers[node]));
    }

    private static string Composer(GraphNode node) => node.Kind switch
    {
        NodeKind.If => node.Condition is null ? "df.if_rows" : "df.if",
        NodeKind.Join => "df.join",
        NodeKind.Race => "df.race",
        NodeKind.Loop => "df.loop",
        NodeKind.Break => "df.break",
        NodeKind.Sleep => "df.sleep",
        NodeKind.WaitSchedule => "df.wait_for_schedule",
        NodeKind.Signal => "df.wait_for_signal",
        NodeKind.Http => "df.http",
        NodeKind.HttpJson => "df.http_json",
        NodeKind.Retry => "df.retry",
        NodeKind.Timeout => "df.timeout",
        NodeKind.Try => "df.try",
        NodeKind.Fail => "df.fail",
        NodeKind.Undo => "df.with_undo",
        NodeKind.ForEach => "df.foreach",
        NodeKind.Call => "df.call",
        _ => throw new InvalidOperationException($"{node.Kind} has no composer."),
    };
}

using System.Globalization;
using System.Text;

namespace PgDurable.Graph;

/// <summary>
/// Draws a graph as the tree that <c>df.explain</c> prints. A chain of THEN nodes is a list; all members but the first have an arrow.
/// </summary>
internal sealed class GraphTree
{
    private readonly WorkflowGraph _graph;
    private readonly StringBuilder _text = new();

    private GraphTree(WorkflowGraph graph) => _graph = graph;

    public static string Write(WorkflowGraph graph)
    {
        var tree = new GraphTree(graph);
        tree.Append(graph.Nodes[0], "", "", "    ");

        // SQL may have line breaks, which start new lines. All lines are padded to the same width, counted in characters.
        var lines = tree._text.ToString().TrimEnd(' ', '\t', '\r', '\n').Split('\n');
        var width = lines.Max(Length) + 4;
        return string.Join('\n', lines.Select(line => line + new string(' ', width - Length(line))));
    }

    /// <param name="node">The node.</param>
    /// <param name="prefix">What stands before the lines of what comes after it in the same chain.</param>
    /// <param name="head">What stands before its own line.</param>
    /// <param name="below">What stands before the lines below it.</param>
    private void Append(Node node, string prefix, string head, string below)
    {
        if (node.Kind == NodeKind.Then)
        {
            Append(_graph.Nodes[node.Left], prefix, head, prefix + "    ");
            Append(_graph.Nodes[node.Right], prefix, prefix + "→ ", prefix + "    ");
            return;
        }
        _text.Append(head).Append(Line(node)).Append('\n');
        var children = Children(node).ToList();
        var isParallel = node.Kind is NodeKind.Join or NodeKind.Race;
        for (var i = 0; i < children.Count; i++)
        {
            var isLast = i == children.Count - 1 || !isParallel;
            _text.Append(below).Append(children[i].Title).Append('\n');
            var (line, rest) = isLast ? ("  └─", "      ") : ("  ├─", "  │   ");
            Append(_graph.Nodes[children[i].Number], below + "  ", below + line, below + rest);
        }
    }

    // People search a tree for kinds, which are upper case. So titles are not.
    public static IEnumerable<(string Title, int Number)> Children(Node node)
    {
        if (node.Kind is NodeKind.Join or NodeKind.Race)
        {
            int[] branches = [node.Left, node.Right, .. node.Extra];
            return branches.Select((branch, i) => (string.Create(CultureInfo.InvariantCulture, $"║ branch {i + 1}:"), branch));
        }
        (string Title, int Number)[] children = node.Kind switch
        {
            NodeKind.If => [("? condition:", node.Condition), ("✓ then:", node.Left), ("✗ else:", node.Right)],
            NodeKind.Loop => [("↻ body:", node.Left), ("? while:", node.Condition)],
            NodeKind.Retry or NodeKind.ForEach => [("↻ body:", node.Left)],
            NodeKind.Timeout => [("✓ body:", node.Left)],
            NodeKind.Try => [("✓ body:", node.Left), ("✗ handler:", node.Right), ("● finally:", node.Extra is [var last] ? last : -1)],
            NodeKind.Undo => [("✓ forward:", node.Left), ("✗ undo:", node.Right)],
            _ => [],
        };
        return children.Where(child => child.Number >= 0);
    }

    /// <summary>What a node is, in one line.</summary>
    public static string Line(Node node)
    {
        using var settings = NodeConfig.Parse(node.Kind, node.Query, out _);
        var config = settings is null ? default : new ConfigObject(settings.RootElement);
        var line = node.Kind switch
        {
            NodeKind.Sql => "SQL: " + Cut(node.Query!, 50),
            NodeKind.Sleep when settings is not null =>
                "SLEEP " + (config.IsGiven("seconds") ? config.Shown("seconds") : $"until {config.Shown("until")}"),
            NodeKind.Sleep => $"SLEEP {node.Query}s",
            NodeKind.WaitSchedule => $"WAIT '{config.Shown("cron_expr")}'"
                + (config.IsGiven("timezone") ? $" ({config.Shown("timezone")})" : ""),
            NodeKind.Http or NodeKind.HttpMultipart or NodeKind.HttpJson =>
                $"{NodeKinds.Name(node.Kind)} {(config.IsGiven("method") ? config.Shown("method") : Defaults.HttpMethod)} "
                + $"{Cut(config.Shown("endpoint") + config.Shown("url"), 40)}",
            NodeKind.Signal => $"SIGNAL '{config.Shown("signal_name")}'"
                + (config.IsGiven("timeout_seconds")
                    ? $" ({config.Shown("timeout_seconds")}{(config.Text("timeout_seconds") is null ? "s" : "")})"
                    : ""),
            NodeKind.Loop => $"LOOP ({(node.Condition >= 0 ? "while" : "infinite")}"
                + $"{(config.IsTrue("continue_on_failure") ? ", continue on failure" : "")})",
            NodeKind.Break => config.IsGiven("break_value") ? $"BREAK '{Cut(config.Shown("break_value"), 20)}'" : "BREAK",
            NodeKind.Fail => $"FAIL '{Cut(config.Shown("message"), 20)}'",
            NodeKind.Join => string.Create(CultureInfo.InvariantCulture, $"JOIN ({2 + node.Extra.Length})"),
            NodeKind.Retry => $"RETRY ({config.Shown("max_attempts")})",
            NodeKind.Timeout => $"TIMEOUT ({config.Shown("timeout_seconds")}s)",
            NodeKind.ForEach => $"FOREACH {config.Shown("rows")} AS {config.Shown("item_name")}",
            NodeKind.Call => $"CALL {config.Shown("workflow")}" + (config.IsGiven("version") ? $" v{config.Shown("version")}" : ""),
            NodeKind.Activity => $"ACTIVITY {config.Shown("activity")}" + (config.IsGiven("queue") ? $" ({config.Shown("queue")})" : ""),
            NodeKind.Then or NodeKind.If or NodeKind.Race or NodeKind.Try or NodeKind.Undo => NodeKinds.Name(node.Kind),
        };
        return node.ResultName is null || node.Kind == NodeKind.Race ? line : $"{line} |=> '{node.ResultName}'";
    }

    // By characters, of which some are two chars.
    private static string Cut(string text, int length) =>
        Length(text) <= length ? text : string.Concat(text.EnumerateRunes().Take(length - 3)) + "...";

    private static int Length(string text) => text.EnumerateRunes().Count();
}

using System.Text.RegularExpressions;

namespace PgDurable.Graph;

/// <summary>
/// The references in a graph's SQL. A <c>$name</c> that is neither quoted nor in a comment isn't valid SQL until it is replaced. If no node
/// of the graph binds it, it is a mistake, and the graph can't be started. The rule is that of the SQL function
/// <c>df._unbound_references</c>, with the same expressions.
/// </summary>
internal static partial class BoundReferences
{
    /// <exception cref="GraphFormatException">A step's SQL refers to a result that doesn't exist.</exception>
    public static void Check(WorkflowGraph graph, IReadOnlySet<string> names, Func<Node, string> pathOf)
    {
        var bound = new SortedSet<string>(names, StringComparer.Ordinal) { "sys_instance_id", "sys_label", "sys_started_at" };
        foreach (var node in graph.Nodes)
        {
            var text = node.Kind == NodeKind.Sql ? node.Query : WaitReference(node);
            if (text is not null && FirstUnbound(text, bound) is { } name)
                throw new GraphFormatException(pathOf(node), $"no result is named {name}{Advice(graph, node, name, bound)}");
        }
    }

    // A wait that takes its time from a result.
    private static string? WaitReference(Node node) => node.Config switch
    {
        NodeConfig.SleepFor sleep => sleep.Reference,
        NodeConfig.SleepUntil sleep when WaitTime.IsReference(sleep.Moment) => sleep.Moment,
        NodeConfig.Signal signal => signal.Limit?.Reference,
        NodeConfig.Retry retry => retry.Delay.Reference,
        _ => null,
    };

    private static string? FirstUnbound(string sql, SortedSet<string> bound)
    {
        if (!sql.Contains('$') || Uncertain().IsMatch(sql))
            return null;
        var bare = Quoted().Replace(sql, " ");
        return bare.AsSpan().ContainsAny('\'', '"')
            ? null
            : References().Matches(bare).Select(match => match.Groups[1].Value).FirstOrDefault(name => !bound.Contains(name));
    }

    private static string Advice(WorkflowGraph graph, Node node, string name, SortedSet<string> bound)
    {
        var word = new Regex($@"(?:^|[^A-Za-z0-9_]){name}(?:[^A-Za-z0-9_]|\z)", RegexOptions.CultureInvariant);
        foreach (var other in graph.Nodes)
        {
            if (other != node && other is { Kind: NodeKind.Sql, ResultName: { } result, Query: { } query } && word.IsMatch(query))
                return $"; did you mean ${result}.{name}?";
        }
        var plain = Plain(name);
        var similar = bound
            .Where(other => Plain(other).StartsWith(plain, StringComparison.Ordinal)
                || plain.StartsWith(Plain(other), StringComparison.Ordinal))
            .MaxBy(other => other.Length);
        return similar is null ? $". Names: {string.Join(", ", bound)}" : $"; did you mean ${similar}?";
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    // Text that is ambiguous, or too complex for a simple expression.
    [GeneratedRegex(@"\\'|\{[A-Za-z_]|/\*|\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$", RegexOptions.CultureInvariant)]
    private static partial Regex Uncertain();

    [GeneratedRegex("""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n\r]*""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"(?:^|[ \t\n\r!-#%-/:-@\[-^`{-~])\$([A-Za-z_][A-Za-z0-9_]*)(?=[ \t\n\r!-#%-/:-@\[-^`{-~]|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex References();
}

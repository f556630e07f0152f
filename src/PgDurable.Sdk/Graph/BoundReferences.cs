using PgDurable.Sql;

namespace PgDurable.Graph;

/// <summary>
/// The references in a graph's SQL. A <c>$name</c> that is neither quoted nor in a comment is no SQL until it is replaced; one that no node of the graph binds is a mistake, and the
/// graph is not started. The rule is that of the SQL function <c>df._unbound_references</c>.
/// </summary>
internal static class BoundReferences
{
    /// <exception cref="GraphFormatException">A step's SQL refers to a result that there is not.</exception>
    public static void Check(WorkflowGraph graph, IReadOnlySet<string> names, Func<Node, string> pathOf)
    {
        var bound = new SortedSet<string>(names, StringComparer.Ordinal) { "sys_instance_id", "sys_label" };
        foreach (var node in graph.Nodes)
        {
            if (node is { Kind: NodeKind.Sql, Query: { } query } && FirstUnbound(query, bound) is { } name)
                throw new GraphFormatException(pathOf(node), $"no result is named {name}{Advice(graph, node, name, bound)}");
        }
    }

    private static string? FirstUnbound(string sql, SortedSet<string> bound)
    {
        if (!sql.Contains('$') || IsUncertain(sql)) return null;
        var lexer = new SqlLexer(sql);
        while (lexer.Read(out var token))
        {
            if (token.Kind != SqlTokenKind.Dollar) continue;
            var end = token.End;
            while (end < sql.Length && SqlCharacters.IsNamePart(sql[end])) end++;
            var name = sql[token.End..end];
            if (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !bound.Contains(name)) return name;
        }
        return null;
    }

    /// <summary>A variable may bring in anything, and a backslash before a quote is read in two ways.</summary>
    private static bool IsUncertain(string sql)
    {
        for (var i = 0; i + 1 < sql.Length; i++)
        {
            if ((sql[i] == '{' && (char.IsAsciiLetter(sql[i + 1]) || sql[i + 1] == '_')) || (sql[i] == '\\' && sql[i + 1] == '\'')) return true;
        }
        return false;
    }

    private static string Advice(WorkflowGraph graph, Node node, string name, SortedSet<string> bound)
    {
        foreach (var other in graph.Nodes)
        {
            if (other != node && other is { Kind: NodeKind.Sql, ResultName: { } result, Query: { } query } && HasWord(query, name)) return $"; did you mean ${result}.{name}?";
        }
        var plain = Plain(name);
        var similar = bound.Where(other => Plain(other).StartsWith(plain, StringComparison.Ordinal) || plain.StartsWith(Plain(other), StringComparison.Ordinal)).MaxBy(other => other.Length);
        return similar is null ? $". Names: {string.Join(", ", bound)}" : $"; did you mean ${similar}?";
    }

    private static bool HasWord(string sql, string word)
    {
        for (var at = sql.IndexOf(word, StringComparison.Ordinal); at >= 0; at = sql.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if ((at == 0 || !IsWordPart(sql[at - 1])) && (at + word.Length == sql.Length || !IsWordPart(sql[at + word.Length]))) return true;
        }
        return false;
    }

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}

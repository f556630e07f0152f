using PgDurable.Sql;

namespace PgDurable.Graph;

/// <summary>Writes calls of SQL composers. Leaves out arguments that are not given, and names those after a gap.</summary>
internal static class CallWriter
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    /// <summary>Writes the call that composes a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="indent">How far the call is indented; null to write everything on one line.</param>
    /// <param name="text">Writes text.</param>
    /// <param name="child">Writes a child, with its indent.</param>
    public static void Write<TNode>(Composed<TNode> node, string? indent, Action<string> text, Action<TNode, string> child)
        where TNode : class
    {
        // Each node argument has its own line.
        var inner = indent is not null && node.Arguments.Any(argument => argument.Node is not null) ? indent + "    " : null;
        if (node.Around is not { } around)
        {
            WriteCall(node, inner, text, child);
            return;
        }
        text($"{around.Function}({LineBreak(inner)}");
        WriteCall(node, inner is null ? null : inner + "    ", text, child);
        text($"{Separator(inner)}{around.Argument})");
    }

    /// <summary>A statement as an argument of a composer. Text that a composer would misread goes through <c>df.sql</c>.</summary>
    public static string Step(string statement) => IsPlain(statement) ? SqlQuote.Literal(statement) : Sql(statement);

    public static string Sql(string statement) => $"df.sql({SqlQuote.Literal(statement)})";

    public static bool IsPlain(string statement) =>
        statement != "OK" && !statement.TrimStart(Blanks).StartsWith("{", StringComparison.Ordinal);

    private static void WriteCall<TNode>(Composed<TNode> node, string? inner, Action<string> text, Action<TNode, string> child)
        where TNode : class
    {
        // PostgreSQL passes at most 100 arguments.
        var isArray = node.Arguments.Count > 100;
        text(node.Function);
        text(isArray ? "(VARIADIC ARRAY[" : "(");
        var (isFirst, hasGap) = (true, false);
        foreach (var argument in node.Arguments)
        {
            if (!argument.IsGiven)
            {
                hasGap = true;
                continue;
            }
            text(isFirst ? LineBreak(inner) : Separator(inner));
            isFirst = false;
            if (hasGap)
                text($"{argument.Name} => ");
            if (argument.Node is { } below)
                child(below, inner ?? "");
            else
                text(argument.Expression!);
        }
        text(isArray ? "])" : ")");
    }

    private static string LineBreak(string? inner) => inner is null ? "" : "\n" + inner;

    private static string Separator(string? inner) => inner is null ? ", " : ",\n" + inner;
}

using System.Globalization;
using System.Text;

namespace PgDurable.Graph;

/// <summary>Draws a graph as a Mermaid flowchart. Steps are boxes; arrows lead to what runs next.</summary>
internal sealed class GraphMermaid
{
    private readonly WorkflowGraph _graph;
    private readonly StringBuilder _text = new("flowchart TD\n");

    private GraphMermaid(WorkflowGraph graph) => _graph = graph;

    public static string Write(WorkflowGraph graph)
    {
        var chart = new GraphMermaid(graph);
        chart.Draw(0);
        return chart._text.ToString();
    }

    /// <summary>Draws a node and returns where it begins and where it ends.</summary>
    private Span Draw(int number)
    {
        var node = _graph.Nodes[number];
        switch (node.Kind)
        {
            case NodeKind.Then:
                var (first, second) = (Draw(node.Left), Draw(node.Right));
                Link(first, second);
                return new(first.Begin, second.Ends);
            case NodeKind.If:
                return Diamond(node, node.Condition >= 0 ? _graph.Nodes[node.Condition] : node);
            case NodeKind.Join or NodeKind.Race:
                return Branches(node);
            case NodeKind.Loop or NodeKind.Retry or NodeKind.Timeout or NodeKind.ForEach:
                return Around(node);
            case NodeKind.Try:
                return Try(node);
            case NodeKind.Undo:
                var (forward, undo) = (Draw(node.Left), Draw(node.Right));
                Arrow(forward.Ends[0], "-. undo .->", undo.Begin);
                return forward;
            default:
                Box(node, "[\"", "\"]");
                // Nothing comes after these. A BREAK continues where its loop does.
                return new(Id(node), node.Kind is NodeKind.Fail or NodeKind.Break ? [] : [Id(node)]);
        }
    }

    private Span Diamond(Node node, Node condition)
    {
        _text.Append(CultureInfo.InvariantCulture, $"    {Id(node)}{{\"{Label(GraphTree.Line(condition))}\"}}\n");
        var (then, otherwise) = (Draw(node.Left), Draw(node.Right));
        Arrow(Id(node), "-- yes -->", then.Begin);
        Arrow(Id(node), "-- no -->", otherwise.Begin);
        return new(Id(node), [.. then.Ends, .. otherwise.Ends]);
    }

    private Span Branches(Node node)
    {
        Box(node, "{{\"", "\"}}");
        var ends = new List<string>();
        foreach (var branch in (int[])[node.Left, node.Right, .. node.Extra])
        {
            var drawn = Draw(branch);
            Arrow(Id(node), "-->", drawn.Begin);
            ends.AddRange(drawn.Ends);
        }
        return new(Id(node), ends);
    }

    private Span Around(Node node)
    {
        Box(node, "[[\"", "\"]]");
        var body = Draw(node.Left);
        Arrow(Id(node), "-->", body.Begin);
        if (node.Kind == NodeKind.Timeout)
            return new(Id(node), body.Ends);
        foreach (var end in body.Ends)
            Arrow(end, node.Kind == NodeKind.Retry ? "-. when it fails .->" : "-- again -->", Id(node));
        return new(Id(node), node.Kind == NodeKind.Retry ? body.Ends : [Id(node)]);
    }

    private Span Try(Node node)
    {
        var (body, handler) = (Draw(node.Left), Draw(node.Right));
        Arrow(body.Begin, "-. when it fails .->", handler.Begin);
        var ends = new Span(body.Begin, [.. body.Ends, .. handler.Ends]);
        if (node.Extra is not [var number])
            return ends;
        var last = Draw(number);
        Link(ends, last);
        return new(body.Begin, last.Ends);
    }

    private void Box(Node node, string open, string close) =>
        _text.Append(CultureInfo.InvariantCulture, $"    {Id(node)}{open}{Label(GraphTree.Line(node))}{close}\n");

    private void Link(Span first, Span second)
    {
        foreach (var end in first.Ends)
            Arrow(end, "-->", second.Begin);
    }

    private void Arrow(string from, string arrow, string to) => _text.Append(CultureInfo.InvariantCulture, $"    {from} {arrow} {to}\n");

    private static string Id(Node node) => string.Create(CultureInfo.InvariantCulture, $"n{node.Number}");

    // Escapes what Mermaid would read as markup or as the end of the label.
    private static string Label(string text)
    {
        var label = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c > '\x7f'
                || c is ' ' or '.' or ',' or '_' or '-' or '=' or '*' or '(' or ')' or '/' or ':' or '$' or '?')
                label.Append(c);
            else if (char.IsWhiteSpace(c))
                label.Append(' ');
            else
                label.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
        }
        return label.ToString();
    }

    private readonly record struct Span(string Begin, IReadOnlyList<string> Ends);
}

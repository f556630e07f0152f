using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace PgDurable.Graph;

/// <summary>
/// Reads graph envelopes. The rules, their messages and their order are those of the SQL function <c>df._validate</c>. The walk down
/// finds what keeps it from going on; the rest is checked node by node afterwards.
/// </summary>
internal sealed class GraphReader(bool isToStart)
{
    // Deep enough for any graph, where each list of branches is a level too. So the walk can say where a graph is too deep.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2 * WorkflowGraph.MaxNodes };

    private const string Advice = "Simplify the workflow or break it into multiple instances.";

    private readonly ImmutableArray<Node>.Builder _nodes = ImmutableArray.CreateBuilder<Node>();
    private int _found = 1;
    private GraphFormatException? _first;

    /// <param name="json">The envelope.</param>
    /// <param name="isToStart">Whether to refuse what <c>df.start</c> refuses although the worker could run it.</param>
    /// <exception cref="GraphFormatException">The first problem.</exception>
    public static WorkflowGraph Read(string json, bool isToStart = false)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            var reader = new GraphReader(isToStart);
            if (NodeShape.Defect(document.RootElement) is { } defect)
                throw new GraphFormatException("root", defect);
            reader.Read(document.RootElement, "root", parent: -1, depth: 0);
            if (reader._first is not null)
                throw reader._first;
            var graph = new WorkflowGraph(reader._nodes.ToImmutable());
            if (isToStart)
                BoundNames.Check(graph);
            return graph;
        }
        catch (JsonException e)
        {
            throw new GraphFormatException("root", $"not a JSON document, or nested too deeply: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new GraphFormatException("root", $"a string is not valid Unicode: {e.Message}", e);
        }
    }

    private int Read(JsonElement envelope, string path, int parent, int depth)
    {
        if (depth > WorkflowGraph.MaxDepth)
            throw new GraphFormatException(path, $"Graph exceeds maximum nesting depth of {WorkflowGraph.MaxDepth}. {Advice}");
        var kind = Kind(envelope, path);
        var query = Text(envelope, "query");
        var resultName = Text(envelope, "result_name");
        var extra = Has(envelope, "extra_nodes", out var list) ? list.EnumerateArray().ToArray() : [];
        var hasCondition = Has(envelope, "condition_node", out var condition);
        if (hasCondition && kind is not (NodeKind.If or NodeKind.Loop))
            throw new GraphFormatException(path, $"condition_node is not valid for {NodeKinds.Name(kind)} nodes");
        if (extra.Length > 0 && kind is not (NodeKind.Join or NodeKind.Race or NodeKind.Try))
            throw new GraphFormatException(path, $"extra_nodes is not valid for {NodeKinds.Name(kind)} nodes");
        using var settings = NodeConfig.Parse(kind, query, out var noSettings);
        if (Nested(kind, settings) is { } key)
            throw new GraphFormatException(
                path, $"{key} in {NodeKinds.Name(kind)} must be a first-class Durofut field, not embedded in query");

        List<(JsonElement Envelope, string Path)> children = [];
        var left = Has(envelope, "left_node", out var leftNode) ? Add(leftNode, ".left") : -1;
        var right = Has(envelope, "right_node", out var rightNode) ? Add(rightNode, ".right") : -1;
        if (hasCondition)
            Add(condition, ".condition_node");
        for (var i = 0; i < extra.Length; i++)
            Add(extra[i], string.Create(CultureInfo.InvariantCulture, $".extra_nodes[{i}]"));
        Look(children);
        if (noSettings is not null && (hasCondition || extra.Length > 0))
            throw new GraphFormatException(path, noSettings);

        var shape = new NodeShape(left >= 0, right >= 0, hasCondition, extra.Length, query is not null);
        NodeConfig? config = null;
        var problem = shape.Defect(kind) ?? noSettings ?? ReadConfig(kind, query, settings, out config)
            ?? (resultName is null ? null : ResultNames.Problem(resultName));
        if (problem is not null)
            _first ??= new GraphFormatException(path, problem);

        var number = _nodes.Count;
        _nodes.Add(null!); // pre-order: the children come after it, and their numbers are not known yet
        var numbers = children.ConvertAll(child => Read(child.Envelope, child.Path, number, depth + 1));
        _nodes[number] = new Node(number, kind, parent, left < 0 ? -1 : numbers[left], right < 0 ? -1 : numbers[right], query, resultName)
        {
            Condition = hasCondition ? numbers[^(extra.Length + 1)] : -1,
            Extra = [.. numbers[^extra.Length..]],
            Config = config,
            Last = _nodes.Count - 1,
        };
        return number;

        int Add(JsonElement child, string slot)
        {
            children.Add((child, path + slot));
            return children.Count - 1;
        }
    }

    /// <summary>What a node knows of its children before the walk reaches them.</summary>
    private void Look(List<(JsonElement Envelope, string Path)> children)
    {
        foreach (var (envelope, path) in children)
            if (NodeShape.Defect(envelope) is { } defect)
                throw new GraphFormatException(path, $"failed to deserialize Durofut child: {defect}");
        if (_found + children.Count > WorkflowGraph.MaxNodes)
            throw new GraphFormatException(
                children[WorkflowGraph.MaxNodes - _found].Path,
                $"Workflow exceeds maximum node count of {WorkflowGraph.MaxNodes}. {Advice}");
        _found += children.Count;
    }

    /// <summary>Reads the settings; returns the problem, or null.</summary>
    private string? ReadConfig(NodeKind kind, string? query, JsonDocument? settings, out NodeConfig? config)
    {
        config = null;
        try
        {
            if (query is not null)
                config = NodeConfig.Read(kind, query, settings, isToStart);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>The field that the settings duplicate, or null.</summary>
    private static string? Nested(NodeKind kind, JsonDocument? settings)
    {
        var key = kind switch
        {
            NodeKind.If or NodeKind.Loop => "condition_node",
            NodeKind.Join or NodeKind.Race or NodeKind.Try => "extra_nodes",
            _ => null,
        };
        return key is not null && settings is not null && settings.RootElement.TryGetProperty(key, out _) ? key : null;
    }

    private static NodeKind Kind(JsonElement envelope, string path)
    {
        var name = Text(envelope, "node_type")!;
        return NodeKinds.TryParse(name, out var kind)
            ? kind
            : throw new GraphFormatException(path, NodeKinds.Unknown(name));
    }

    private static string? Text(JsonElement envelope, string key) => Has(envelope, key, out var value) ? value.GetString() : null;

    private static bool Has(JsonElement envelope, string key, out JsonElement value) =>
        envelope.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PgDurable.Graph;

/// <summary>Reads graph envelopes. The rules are those of the SQL function <c>df._validate</c>.</summary>
internal static partial class GraphReader
{
    // Each level of nesting is an object, and in a list of branches an array around it.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2 * (WorkflowGraph.MaxDepth + 2) };

    public static WorkflowGraph Read(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException e)
        {
            throw new GraphFormatException("root", $"not a JSON document, or nested too deeply: {e.Message}", e);
        }

        using (document)
        {
            var nodes = ImmutableArray.CreateBuilder<Node>();
            try
            {
                Read(document.RootElement, "root", parent: -1, depth: 0, nodes);
            }
            catch (InvalidOperationException e)
            {
                throw new GraphFormatException("root", $"a string is no valid Unicode: {e.Message}", e);
            }
            return new WorkflowGraph(nodes.ToImmutable());
        }
    }

    private static int Read(JsonElement element, string path, int parent, int depth, ImmutableArray<Node>.Builder nodes)
    {
        if (depth > WorkflowGraph.MaxDepth)
            throw new GraphFormatException(path, $"Graph exceeds maximum nesting depth of {WorkflowGraph.MaxDepth}.");
        if (nodes.Count >= WorkflowGraph.MaxNodes)
            throw new GraphFormatException(path, $"Workflow exceeds maximum node count of {WorkflowGraph.MaxNodes}.");
        if (element.ValueKind != JsonValueKind.Object)
            throw new GraphFormatException(path, "a node must be a JSON object");

        var kind = Kind(element, path);
        var query = Text(element, "query", path);
        var resultName = Text(element, "result_name", path);
        if (resultName is not null && !ResultName().IsMatch(resultName))
            throw new GraphFormatException(path, $"result name '{resultName}' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*");
        if (resultName == "input")
            throw new GraphFormatException(path, "result name 'input' is taken: $input is the input given to df.start");
        if (Has(element, "condition_node", out _) && kind is not (NodeKind.If or NodeKind.Loop))
            throw new GraphFormatException(path, $"condition_node is not valid for {NodeKinds.Name(kind)} nodes");
        if (Has(element, "extra_nodes", out _) && kind is not (NodeKind.Join or NodeKind.Race or NodeKind.Try))
            throw new GraphFormatException(path, $"extra_nodes is not valid for {NodeKinds.Name(kind)} nodes");

        var number = nodes.Count;
        nodes.Add(null!); // pre-order: the children come after it, and their numbers are not known yet
        var node = new Node(
            number, kind, parent,
            Child(element, "left_node", ".left", path, number, depth, nodes),
            Child(element, "right_node", ".right", path, number, depth, nodes), query, resultName)
        {
            Condition = Child(element, "condition_node", ".condition_node", path, number, depth, nodes),
            Extra = Extra(element, path, number, depth, nodes),
            Config = Config(kind, query, path),
        };
        node = node with { Last = nodes.Count - 1 };
        if (NodeShape.Defect(node) is { } defect) throw new GraphFormatException(path, defect);
        nodes[number] = node;
        return number;
    }

    private static NodeConfig? Config(NodeKind kind, string? query, string path)
    {
        try
        {
            return NodeConfig.Read(kind, query);
        }
        catch (FormatException e)
        {
            throw new GraphFormatException(path, e.Message, e);
        }
    }

    private static ImmutableArray<int> Extra(JsonElement element, string path, int parent, int depth, ImmutableArray<Node>.Builder nodes)
    {
        if (!Has(element, "extra_nodes", out var extra)) return [];
        if (extra.ValueKind != JsonValueKind.Array) throw new GraphFormatException(path, "extra_nodes entries must be Durofut JSON objects");
        var numbers = ImmutableArray.CreateBuilder<int>();
        foreach (var child in extra.EnumerateArray())
            numbers.Add(Read(child, $"{path}.extra_nodes[{numbers.Count}]", parent, depth + 1, nodes));
        return numbers.ToImmutable();
    }

    private static NodeKind Kind(JsonElement element, string path)
    {
        var name = Text(element, "node_type", path) ?? throw new GraphFormatException(path, "missing field node_type");
        return NodeKinds.TryParse(name, out var kind)
            ? kind
            : throw new GraphFormatException(path, $"Unknown node_type '{name}'. Valid types: {NodeKinds.All}");
    }

    private static string? Text(JsonElement element, string key, string path)
    {
        if (!Has(element, key, out var value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new GraphFormatException(path, $"{key} must be a string");
    }

    private static int Child(JsonElement element, string key, string suffix, string path, int parent, int depth, ImmutableArray<Node>.Builder nodes) =>
        Has(element, key, out var child) ? Read(child, path + suffix, parent, depth + 1, nodes) : -1;

    private static bool Has(JsonElement element, string key, out JsonElement value) =>
        element.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex ResultName();
}

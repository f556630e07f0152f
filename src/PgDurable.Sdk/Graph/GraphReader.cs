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
            throw new GraphFormatException(path, $"result name '{resultName}' is not a valid identifier");
        if (resultName == "input")
            throw new GraphFormatException(path, "result name 'input' is taken: $input is the input given to df.start");

        var number = nodes.Count;
        nodes.Add(null!); // pre-order: the children come after it, and their numbers are not known yet
        var left = Child(element, "left_node", ".left", path, number, depth, nodes);
        var right = Child(element, "right_node", ".right", path, number, depth, nodes);
        foreach (var key in (ReadOnlySpan<string>)["condition_node", "extra_nodes"])
            if (Has(element, key, out _)) throw new GraphFormatException(path, $"{key} is not valid for {kind.ToString().ToUpperInvariant()} nodes");
        CheckShape(kind, path, query, left, right);
        nodes[number] = new Node(number, kind, parent, left, right, query, resultName);
        return number;
    }

    private static void CheckShape(NodeKind kind, string path, string? query, int left, int right)
    {
        var defect = kind switch
        {
            NodeKind.Sql when query is null => "SQL nodes need a query",
            NodeKind.Sql when left >= 0 || right >= 0 => "SQL nodes have no children",
            NodeKind.Sql => null,
            NodeKind.Then when left < 0 || right < 0 => "THEN nodes need a left_node and a right_node",
            NodeKind.Then when query is not null => "THEN nodes have no query",
            NodeKind.Then => null,
        };
        if (defect is not null) throw new GraphFormatException(path, defect);
    }

    private static NodeKind Kind(JsonElement element, string path) => Text(element, "node_type", path) switch
    {
        "SQL" => NodeKind.Sql,
        "THEN" => NodeKind.Then,
        null => throw new GraphFormatException(path, "missing field node_type"),
        var other => throw new GraphFormatException(path, $"{other} nodes are not available in this version of pg_durable, which runs SQL and THEN nodes"),
    };

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

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Tests.Fold;

/// <summary>A random history that ends early, and how it would go on: from a node, or with another graph.</summary>
internal sealed class ContinuedHistory : RandomHistory
{
    private readonly Random _random;
    private readonly Dictionary<ExecutionKey, string> _asked = [];

    public ContinuedHistory(int seed) : base(seed)
    {
        _random = new Random(seed);
        Go(_random.Next(1, 20));
    }

    public Outcome? Outcome => Live.Outcome;

    public IReadOnlyList<Record> Rows => [.. Kept.OrderBy(row => row.Seq).Select(row => new Record(row.Seq, row.Input))];

    public IReadOnlyList<Command> InFlight => [.. Live.InFlight.Values.Select(open => open.Command)];

    /// <summary>What is wrong with a fork from a node that takes these inputs over; null if nothing is.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="isAtNode">Whether the fork waits for something of the node.</param>
    public string? Defect(int node, IReadOnlyList<Checkpoint> inputs, out bool isAtNode)
    {
        var state = Fold(Graph, inputs);
        isAtNode = false;
        if (!state.Begun!.Contains(node))
            return "the node has not begun";
        foreach (var open in state.InFlight.Values)
        {
            isAtNode |= IsAtOrBelow(open.Frame, node);
            if (_asked.GetValueOrDefault(open.Command.Execution) is { } asked && asked != Text(open.Command, key => key))
                return $"it asks for {Text(open.Command, key => key)}, not for {asked}";
        }
        // A node that has nothing to wait for is over at once, and what comes after it has begun.
        if (!isAtNode)
            return null;
        var last = Graph.Nodes[node].Last;
        var others = state.InFlight.Keys.Where(key => (key.Node < node || key.Node > last) && !IsAbove(key.Node, node)).ToList();
        return others.Count > 0 ? $"it asks for {others[0]} too" : null;
    }

    /// <summary>A graph that differs in one place.</summary>
    public string Changed(int number)
    {
        var root = JsonNode.Parse(Json)!.AsObject();
        var nodes = new List<JsonObject>();
        Collect(root, nodes);
        var node = nodes[_random.Next(nodes.Count)];
        switch (number % 5)
        {
            case 0:
                Replace(node, old => Then(old, Step()));
                break;
            case 1:
                Replace(node, old => Then(Step(), old));
                break;
            case 2:
                Replace(node, _ => new JsonObject { ["node_type"] = "BREAK", ["query"] = "{\"break_value\":null}" });
                break;
            case 3:
                Replace(node, _ => Step());
                break;
            default:
                return Then(root.DeepClone(), Step()).ToJsonString();
        }
        return root.ToJsonString();
    }

    /// <summary>What is wrong if these inputs, in the numbers of another graph, are folded with it; null if nothing is.</summary>
    public string? Defect(string graph, IReadOnlyList<Checkpoint> inputs, int?[] counterparts)
    {
        var state = Fold(WorkflowGraph.Parse(graph), inputs);
        var expected = InFlight.Select(command => Text(command, Moved)).Order(StringComparer.Ordinal).ToList();
        var found = state.InFlight.Values.Select(open => Text(open.Command, key => key)).Order(StringComparer.Ordinal).ToList();
        return expected.SequenceEqual(found) && state.Outcome is null
            ? null
            : $"it asks for\n  {string.Join("\n  ", found)}\nnot for\n  {string.Join("\n  ", expected)}\n{state.Outcome}";

        ExecutionKey Moved(ExecutionKey key) => new(
            counterparts[key.Node] ?? -1,
            string.Join('/', key.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(segment =>
                segment.Split(':') is [var node, var index] ? $"{counterparts[int.Parse(node, null)] ?? -1}:{index}" : segment)));
    }

    protected override void Changed()
    {
        foreach (var open in Live.InFlight.Values)
            _asked.TryAdd(open.Command.Execution, Text(open.Command, key => key));
    }

    private WorkflowState Fold(WorkflowGraph graph, IReadOnlyList<Checkpoint> inputs)
    {
        var state = new WorkflowState(graph, Facts) { Begun = [] };
        WorkflowEngine.Recover(state, Began, inputs);
        return state;
    }

    private static bool IsAtOrBelow(Frame frame, int node)
    {
        for (var above = frame; above is not null; above = above.Parent)
            if (above.Node.Number == node)
                return true;
        return false;
    }

    private bool IsAbove(int above, int node) => above < node && node <= Graph.Nodes[above].Last;

    private static void Collect(JsonObject node, List<JsonObject> nodes)
    {
        nodes.Add(node);
        foreach (var name in (string[])["left_node", "right_node", "condition_node"])
            if (node[name] is JsonObject child)
                Collect(child, nodes);
        foreach (var child in node["extra_nodes"] as System.Text.Json.Nodes.JsonArray ?? [])
            Collect(child!.AsObject(), nodes);
    }

    private static void Replace(JsonObject node, Func<JsonNode, JsonObject> make)
    {
        var made = make(node.DeepClone());
        node.Clear();
        foreach (var (name, value) in made.ToList())
            node[name] = value?.DeepClone();
    }

    private static JsonObject Then(JsonNode left, JsonNode right) =>
        new() { ["node_type"] = "THEN", ["left_node"] = left, ["right_node"] = right };

    private static JsonObject Step() => new() { ["node_type"] = "SQL", ["query"] = "SELECT 'new'" };

    // The node in $error is the one of the graph that runs.
    private static string Text(Command command, Func<ExecutionKey, ExecutionKey> place)
    {
        var key = place(command.Execution);
        var text = command switch
        {
            Command.RunSql sql => sql.Sql,
            Command.SendHttp http => $"{http.Call.Method} {http.Call.Url} {http.Call.Body}",
            Command.Wait wait => $"{wait.Kind} {wait.Until:O} {wait.Signal}",
            Command.StartChild child => $"{child.Workflow} {child.Version} {child.InputJson}",
            Command.StartTask task => $"{task.Name} {task.Queue} {task.InputJson} {task.Attempt} {task.Deadline:O}",
            Command.Refuse refuse => refuse.Error.SqlState,
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };
        return $"{key.Node}@{key.Path} {Regex.Replace(text, "node(\\W+)[0-9a-f]{8}", "node$1")}";
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PgDurable.Graph;

namespace PgDurable.Testing.Tests.Conformance;

/// <summary>
/// What a run has left behind, except for what differs between two runs: ids, times, the order of parallel branches, and how many
/// iterations of a loop were already forgotten at the end. Of a loop, it has only the last iteration.
/// </summary>
public sealed partial record Observed(string Text, string History)
{
    public static Observed Of(string history)
    {
        var root = JsonElement.Parse(history);
        var graph = WorkflowGraph.Parse(root.GetProperty("graph").GetRawText());
        var rows = root.GetProperty("checkpoints").EnumerateArray().ToList();

        var last = new Dictionary<string, int>();
        foreach (var row in rows)
            foreach (var (loop, round) in Rounds(Path(row), graph))
                last[loop] = Math.Max(
                    last.GetValueOrDefault(loop), IsCarried(row, graph) && Path(row) == $"{loop}:{round}" ? round + 1 : round);

        var texts = rows
            .Where(row => !IsCarried(row, graph) && Rounds(Path(row), graph).All(round => last[round.Loop] == round.Round))
            .Select(row => $"{row.GetProperty("node").GetInt32():000}@{Path(row)} attempt {row.GetProperty("attempt")} "
                + $"{Raw(row, "result")} {Raw(row, "columns")} {Error(row)}");
        // A child has a different id each time.
        return new Observed(ChildId().Replace($"{root.GetProperty("status")} {Raw(root, "result")} "
            + $"{Error(root)}\n{string.Join('\n', texts.Order(StringComparer.Ordinal))}", "child"), history);
    }

    public static void Same(Observed real, Observed inMemory, string what = "")
    {
        if (real.Text != inMemory.Text)
            Assert.Fail($"{what}\non PostgreSQL:\n{real.Text}\n\nin memory:\n{inMemory.Text}");
    }

    static string Path(JsonElement row) => row.GetProperty("path").GetString()!;

    static bool IsCarried(JsonElement row, WorkflowGraph graph) => graph.Nodes[row.GetProperty("node").GetInt32()].Kind == NodeKind.Loop;

    /// <summary>The loops in a path, each as the path up to its node, with the iteration.</summary>
    static IEnumerable<(string Loop, int Round)> Rounds(string path, WorkflowGraph graph)
    {
        for (var i = path.IndexOf(':'); i >= 0; i = path.IndexOf(':', i + 1))
        {
            var start = path.LastIndexOf('/', i) + 1;
            var end = path.IndexOf('/', i);
            if (graph.Nodes[int.Parse(path[start..i], CultureInfo.InvariantCulture)].Kind == NodeKind.Loop)
                yield return (path[..i], int.Parse(path[(i + 1)..(end < 0 ? path.Length : end)], CultureInfo.InvariantCulture));
        }
    }

    static string Raw(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value.GetRawText() : "";

    static string Error(JsonElement holder) =>
        holder.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? error.GetRawText() : "";

    [GeneratedRegex(@"child workflow [0-9a-f]{8}|df\.error\('+[0-9a-f]{8}'+\)")]
    private static partial Regex ChildId();
}

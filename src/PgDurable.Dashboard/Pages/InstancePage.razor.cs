using System.Globalization;
using System.Text.Json;
using PgDurable.Dashboard.Data;
using PgDurable.Dashboard.Http;
using PgDurable.Dashboard.Pages.Parts;
using PgDurable.Graph;

namespace PgDurable.Dashboard.Pages;

/// <summary>An instance: what it does, what it did, and why it doesn't go on.</summary>
partial class InstancePage
{
    internal sealed record Model(
        InstanceFacts Facts, string Why, string? Output, string? State, string? RunSql, IReadOnlyList<Block> Blocks, int NodeCount,
        string? GraphProblem, IReadOnlyList<HistoryRow> History, IReadOnlyList<Child> Children, IReadOnlyList<Waiting> Waits,
        IReadOnlyDictionary<string, string> Tags, IReadOnlyList<(string Name, IReadOnlyList<FormField> Fields)> Signals)
    {
        public bool IsLive => Facts.Status is "running" or "pending";
    }

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var (database, id, payload) = (question.Database, question.Route("id"), question.Rights.Payload);
        var facts = await InstanceQueries.FactsAsync(database, id, payload, ct)
            ?? throw new RefusedException(
                404, "Not found", $"There is no instance \"{id}\".", "It may have been removed, or belong to another role.");
        var why = await database.ValueAsync<string>("SELECT df.why($1)", ct, id) ?? "";
        var output = await database.ValueAsync<string>(
            "SELECT left(i.output, $2) FROM df.instance_info($1) i", ct, id, Show.LongestValue + 1);
        // What an error says is for everybody who may look. A result is not.
        output = facts.Status == "completed" && !payload ? null : output;
        var state = payload
            ? await database.ValueAsync<string>("SELECT left(df.state($1)::text, $2)", ct, id, Show.LongestValue + 1)
            : null;
        var sql = payload
            ? await database.ValueAsync<string>("SELECT left(f.sql, $2) FROM df.failed f WHERE f.id = $1", ct, id, Show.LongestValue + 1)
            : null;

        WorkflowGraph? graph = null;
        string? problem = null;
        try
        {
            graph = WorkflowGraph.Parse(facts.Graph);
        }
        catch (GraphFormatException error)
        {
            // Somebody wrote it without df.start.
            problem = error.Message;
        }

        var states = graph is null ? new Dictionary<int, NodeState>() : await InstanceQueries.StatesAsync(database, facts, payload, ct);
        var shown = question.Node;
        var waits = await InstanceQueries.WaitsAsync(database, id, ct);
        var fields = graph is null ? null : FormFields.OfSignalsOf(graph);
        var model = new Model(
            facts, why, output, state, sql, graph is null ? [] : BlockReader.Read(graph, states, facts.Sources, shown),
            graph?.Nodes.Length ?? 0, problem, [.. (await InstanceQueries.HistoryAsync(database, id, ct)).Select(row => Named(row, graph))],
            await InstanceQueries.ChildrenAsync(database, facts.Number, ct), waits,
            JsonSerializer.Deserialize(facts.Tags, TagsJson.Default.DictionaryStringString) ?? [],
            [.. (fields ?? new Dictionary<string, IReadOnlyList<FormField>>()).Select(signal => (signal.Key, signal.Value))
                .OrderByDescending(signal => waits.Any(wait => wait.Kind == "SIGNAL" && wait.Name == signal.Key))]);
        return new(Title(facts), "Instances", context => Draw(context, model));
    }

    // What is neither SQL nor named is called in df.history what it was configured as.
    private static HistoryRow Named(HistoryRow row, WorkflowGraph? graph) =>
        graph is not null && int.TryParse(row.Node, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
            && graph.Nodes.ElementAtOrDefault(number) is { Kind: not NodeKind.Sql, ResultName: null } node
            ? row with { Step = GraphTree.Line(node) }
            : row;

    private static string Title(InstanceFacts facts) =>
        $"{facts.Id} · {(facts.Workflow is null ? facts.Label ?? "ad hoc" : $"{facts.Workflow} v{facts.Version}")}";
}

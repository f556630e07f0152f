using System.Globalization;
using PgDurable.Dashboard.Pages.Parts;
using static PgDurable.Dashboard.Data.Rows;

namespace PgDurable.Dashboard.Data;

/// <summary>What is known of an instance.</summary>
internal sealed record InstanceFacts(
    long Number, string Id, string? Label, string? Workflow, int? Version, string Status, string Role, DateTimeOffset Created,
    DateTimeOffset? Started, DateTimeOffset? Ended, string? Input, string? Key, DateTimeOffset? StartAt, string? Parent, bool IsPaused,
    string Graph, string?[] Sources, string Tags);

/// <summary>A step that has ended.</summary>
internal sealed record HistoryRow(
    string Node, string Step, string Path, int Attempt, string Status, DateTimeOffset Started, DateTimeOffset Finished, long? Rows,
    string? Error, string? Source);

/// <summary>An instance that another one called.</summary>
internal sealed record Child(string Id, string? Workflow, string Status, DateTimeOffset Created);

/// <summary>What an instance waits for.</summary>
internal sealed record Waiting(string Kind, string? Name, DateTimeOffset? Until);

/// <summary>The queries of the page of an instance.</summary>
internal static class InstanceQueries
{
    // The page shows the latest; df.history has all.
    public const int HistoryLength = 100;

    private const int ChildrenLength = 100;

    // The beginning of a result is enough for the page, and is not read at all from large ones.
    private const string NodesQuery =
        """
        SELECT n.id, n.inferred_status, left(n.error, 500), n.status_details ->> 'path', n.started_at, n.finished_at,
               CASE WHEN $2 THEN left(n.result::text, 500) END
          FROM df.nodes n WHERE n.instance_id = $1
        """;

    private const string CountsQuery =
        """
        SELECT c.node, count(*), (array_agg(c.attempt ORDER BY c.seq DESC))[1]
          FROM df.checkpoints c WHERE c.instance_no = $1 GROUP BY c.node
        """;

    public static Task<InstanceFacts?> FactsAsync(Database database, string id, bool payload, CancellationToken ct) =>
        database.FirstAsync(
            """
            SELECT s.instance_no, s.id::text, left(s.label, 300), s.workflow, s.workflow_version, i.status, s.submitted_by::text,
                   s.created_at, i.started_at, i.ended_at, CASE WHEN $2 THEN left(s.input::text, $3) END,
                   left(s.idempotency_key, 300), s.start_at,
                   (SELECT p.id::text FROM df.submissions p WHERE p.instance_no = s.parent_no),
                   EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = s.instance_no), g.graph, g.sources, df.tags_of(s.id)::text
              FROM df.submissions s
              JOIN df.instances i ON i.id = s.id
              JOIN df.graphs g ON g.graph_id = s.graph_id
             WHERE s.id = $1
            """,
            row => new InstanceFacts(
                row.GetInt64(0), row.GetString(1), Text(row, 2), Text(row, 3), Number(row, 4), row.GetString(5),
                row.GetString(6), row.GetFieldValue<DateTimeOffset>(7), Time(row, 8), Time(row, 9), Text(row, 10), Text(row, 11),
                Time(row, 12), Text(row, 13), row.GetBoolean(14), row.GetString(15),
                row.IsDBNull(16) ? [] : row.GetFieldValue<string?[]>(16), row.GetString(17)),
            ct, id, payload, Show.LongestValue + 1);

    public static async Task<IReadOnlyDictionary<int, NodeState>> StatesAsync(
        Database database, InstanceFacts facts, bool payload, CancellationToken ct)
    {
        var counts = (await database.ListAsync(
            CountsQuery, row => (Node: row.GetInt32(0), Executions: row.GetInt64(1), Attempts: row.GetInt32(2)), ct, facts.Number))
            .ToDictionary(row => row.Node);
        return (await database.ListAsync(
            NodesQuery,
            row =>
            {
                var node = int.Parse(row.GetString(0), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                var (_, executions, attempts) = counts.GetValueOrDefault(node);
                return (node, new NodeState(
                    row.GetString(1), Text(row, 2), Text(row, 3), Time(row, 4), Time(row, 5), executions, attempts, Text(row, 6)));
            },
            ct, facts.Id, payload)).ToDictionary(row => row.node, row => row.Item2);
    }

    public static Task<List<HistoryRow>> HistoryAsync(Database database, string id, CancellationToken ct) => database.ListAsync(
        """
        SELECT h.node, left(h.step, 200), left(h.path, 200), h.attempt, h.status, h.started_at, h.finished_at, h.rows,
               left(h.error, 500), h.source
          FROM df.history($1) h ORDER BY h.finished_at DESC, h.node DESC LIMIT $2
        """,
        row => new HistoryRow(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5),
            row.GetFieldValue<DateTimeOffset>(6), row.IsDBNull(7) ? null : row.GetInt64(7), Text(row, 8), Text(row, 9)),
        ct, id, HistoryLength);

    public static Task<List<Child>> ChildrenAsync(Database database, long number, CancellationToken ct) => database.ListAsync(
        """
        SELECT s.id::text, s.workflow, i.status, s.created_at FROM df.submissions s JOIN df.instances i ON i.id = s.id
         WHERE s.parent_no = $1 AND s.parent_node IS NOT NULL ORDER BY s.instance_no DESC LIMIT $2
        """,
        row => new Child(row.GetString(0), Text(row, 1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)),
        ct, number, ChildrenLength);

    public static Task<List<Waiting>> WaitsAsync(Database database, string id, CancellationToken ct) => database.ListAsync(
        "SELECT w.kind, left(w.name, 1000), w.until FROM df.waiting w WHERE w.id = $1 LIMIT 50",
        row => new Waiting(row.GetString(0), Text(row, 1), Time(row, 2)), ct, id);
}

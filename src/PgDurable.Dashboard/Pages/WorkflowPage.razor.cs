using System.Globalization;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using PgDurable.Dashboard.Http;
using PgDurable.Dashboard.Pages.Parts;
using PgDurable.Graph;
using static PgDurable.Dashboard.Data.Rows;

namespace PgDurable.Dashboard.Pages;

/// <summary>A workflow: its versions, the graph of one, and how it differs from another one.</summary>
partial class WorkflowPage
{
    internal sealed record Version(
        int Number, string Owner, string Hash, string? Description, DateTimeOffset Registered, string RegisteredBy, string? Source,
        long Running, bool IsMine);

    internal sealed record Model(
        string Name, IReadOnlyList<Version> Versions, Version Shown, IReadOnlyList<Block> Blocks, IReadOnlyList<FormField> Fields,
        Version? Other, IReadOnlyList<DiffPiece>? Difference);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var (database, name, owner) = (question.Database, question.Query("name") ?? "", question.Query("owner"));
        var versions = await database.ListAsync(
            """
            SELECT v.version, v.owner::text, v.content_hash, left(v.description, 2000), v.registered_at, v.registered_by::text, v.source,
                   v.running, v.owner = quote_ident(current_user)::regrole
              FROM df.workflow_versions v WHERE v.workflow = $1 AND ($2::text IS NULL OR v.owner::text = $2)
             ORDER BY v.owner, v.version DESC LIMIT 200
            """,
            row => new Version(
                row.GetInt32(0), row.GetString(1), row.GetString(2), Text(row, 3),
                row.GetFieldValue<DateTimeOffset>(4), row.GetString(5), Text(row, 6), row.GetInt64(7),
                row.GetBoolean(8)),
            ct, name, owner);
        var shown = Find(question.Query("version")) ?? versions.FirstOrDefault()
            ?? throw new RefusedException(404, "Not found", $"No workflow \"{name}\" is registered.", "It may belong to another role.");
        var (graph, sources) = await GraphAsync(question, name, shown, ct);
        var other = Find(question.Query("against"));
        var model = new Model(
            name, versions, shown, BlockReader.Read(graph, new Dictionary<int, NodeState>(), sources, question.Node),
            FormFields.OfInput(graph), other,
            other is null ? null : Difference((await GraphAsync(question, name, other, ct)).Graph, graph));
        return new(name, "Workflows", context => Draw(context, model));

        Version? Find(string? number) => versions.Find(version => version.Number.ToString(CultureInfo.InvariantCulture) == number
            && (owner is null || version.Owner == owner));
    }

    private static List<DiffPiece> Difference(WorkflowGraph from, WorkflowGraph to) =>
        InlineDiffBuilder.Diff(GraphTree.Write(from), GraphTree.Write(to)).Lines;

    private static async Task<(WorkflowGraph Graph, string?[] Sources)> GraphAsync(
        Question question, string name, Version version, CancellationToken ct)
    {
        var row = await question.Database.FirstAsync(
            """
            SELECT g.graph, g.sources FROM df.registrations r JOIN df.graphs g ON g.graph_id = r.graph_id
             WHERE r.workflow = $1 AND r.version = $2 AND r.owner::text = $3
            """,
            row => new { Graph = row.GetString(0), Sources = row.IsDBNull(1) ? [] : row.GetFieldValue<string?[]>(1) },
            ct, name, version.Number, version.Owner);
        try
        {
            return (WorkflowGraph.Parse(row!.Graph), row.Sources);
        }
        catch (GraphFormatException error)
        {
            throw new RefusedException(409, "The graph can't be read", error.Message);
        }
    }
}

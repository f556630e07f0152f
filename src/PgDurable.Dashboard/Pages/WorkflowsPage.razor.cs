using PgDurable.Dashboard.Http;
using static PgDurable.Dashboard.Data.Rows;

namespace PgDurable.Dashboard.Pages;

/// <summary>What is registered.</summary>
partial class WorkflowsPage
{
    internal sealed record Workflow(
        string Name, string Owner, int Latest, int Versions, string? Description, DateTimeOffset Registered, long Running);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var workflows = await question.Database.ListAsync(
            """
            SELECT w.workflow, w.owner::text, w.latest_version, w.versions, left(w.description, 1000), w.registered_at, w.running
              FROM df.workflows w ORDER BY w.workflow, w.owner LIMIT 1000
            """,
            row => new Workflow(
                row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), Text(row, 4),
                row.GetFieldValue<DateTimeOffset>(5), row.GetInt64(6)),
            ct);
        return new("Workflows", "Workflows", context => Draw(context, workflows));
    }
}

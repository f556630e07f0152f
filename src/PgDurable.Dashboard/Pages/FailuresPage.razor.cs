using PgDurable.Dashboard.Http;
using PgDurable.Dashboard.Pages.Parts;
using static PgDurable.Dashboard.Data.Rows;

namespace PgDurable.Dashboard.Pages;

/// <summary>What fails most.</summary>
partial class FailuresPage
{
    internal sealed record Group(
        string? Workflow, string? Step, string? SqlState, long Count, DateTimeOffset First, DateTimeOffset Last, string Example,
        string? Message);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var groups = await question.Database.ListAsync(
            """
            SELECT f.workflow, f.step, f.sqlstate, f.failures, f.first_at, f.last_at, f.example_id, left(f.example_message, 500)
              FROM df.failures f ORDER BY f.failures DESC, f.last_at DESC LIMIT 100
            """,
            row => new Group(
                Text(row, 0), Text(row, 1),
                Text(row, 2), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4),
                row.GetFieldValue<DateTimeOffset>(5), row.GetString(6), Text(row, 7)),
            ct);
        return new("Failures", "Failures", context => Draw(context, groups));
    }

    // What finds the instances of a group. A term without a value can't be written.
    private static string Query(Group group) => string.Join(' ', new[]
    {
        "status:failed", Term("workflow", group.Workflow), Term("step", group.Step), Term("error", group.SqlState),
    }.OfType<string>());

    private static string? Term(string word, string? value) => value is null ? null : SearchTerm.Quoted(word, value);
}

using PgDurable.Dashboard.Http;

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
                row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1),
                row.IsDBNull(2) ? null : row.GetString(2), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4),
                row.GetFieldValue<DateTimeOffset>(5), row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7)),
            ct);
        return new("Failures", "Failures", context => Draw(context, groups));
    }

    // What finds the instances of a group. A term without a value can't be written.
    private static string Query(Group group) => string.Join(' ', new[]
    {
        "status:failed", Term("workflow", group.Workflow), Term("step", group.Step), Term("error", group.SqlState),
    }.OfType<string>());

    private static string? Term(string word, string? value) =>
        value is null ? null : $"{word}:\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

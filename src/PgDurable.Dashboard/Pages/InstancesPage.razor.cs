using System.Text.Json;
using PgDurable.Dashboard.Http;
using PgDurable.Dashboard.Pages.Parts;
using static PgDurable.Dashboard.Data.Rows;

namespace PgDurable.Dashboard.Pages;

/// <summary>Finds instances.</summary>
partial class InstancesPage
{
    private const int PageSize = 50;
    private const int CountedTo = 1000;

    internal sealed record Row(
        string Id, string? Label, string? Workflow, int? Version, string Status, DateTimeOffset Created, DateTimeOffset? Ended,
        string? Error, IReadOnlyDictionary<string, string> Tags, string Role);

    internal sealed record Term(string Text, string Without);

    internal sealed record Model(
        string Query, IReadOnlyList<Row> Rows, string? Next, bool IsFirst, long Count, bool IsCapped, IReadOnlyList<Term> Terms,
        IReadOnlyList<string> Suggestions);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var (database, query) = (question.Database, question.Query("q") ?? "");
        var after = question.Query("after");
        string? next = null;
        var rows = await database.ListAsync(
            """
            SELECT s.id, left(s.label, 300), s.workflow, s.workflow_version, s.status, s.created_at, s.ended_at, left(s.error, 500),
                   s.tags::text, s.submitted_by::text, s.next_cursor
              FROM df.search($1, $2, $3) s
            """,
            row =>
            {
                next = Text(row, 10);
                return new Row(
                    row.GetString(0), Text(row, 1), Text(row, 2), Number(row, 3), row.GetString(4),
                    row.GetFieldValue<DateTimeOffset>(5), Time(row, 6), Text(row, 7),
                    JsonSerializer.Deserialize(row.GetString(8), TagsJson.Default.DictionaryStringString) ?? [], row.GetString(9));
            },
            ct, query, PageSize, after);
        var count = await database.FirstAsync(
            "SELECT c.count, c.capped FROM df.search_count($1, $2) c", row => new { Count = row.GetInt64(0), Capped = row.GetBoolean(1) },
            ct, query, CountedTo);
        var terms = await database.ListAsync(
            "SELECT t.negated, t.word, t.value FROM df._search_terms($1) t ORDER BY t.place",
            row => Words(row.GetBoolean(0), row.GetString(1), row.GetString(2)), ct, query);
        var suggestions = await database.ListAsync(
            """
            SELECT 'workflow:' || w.workflow FROM df.workflows w WHERE w.workflow !~ '[\s"]' ORDER BY 1 LIMIT 100
            """,
            row => row.GetString(0), ct);
        var model = new Model(
            query, rows, next, after is null, count!.Count, count.Capped,
            [.. terms.Select((term, place) => new Term(term, string.Join(' ', terms.Where((_, other) => other != place))))],
            [.. (string[])["status:running", "status:failed", "status:completed", "status:cancelled", "status:pending", "since:1h",
                "since:1d", "label:", "error:", "step:", "id:"], .. suggestions]);
        return new("Instances", "Instances", context => Draw(context, model));
    }

    private static string Words(bool isNegated, string word, string value)
    {
        var plain = value.Length > 0 && !value.Any(c => char.IsWhiteSpace(c) || c == '"');
        return (isNegated ? "-" : "") + (plain ? $"{word}:{value}" : SearchTerm.Quoted(word, value));
    }
}

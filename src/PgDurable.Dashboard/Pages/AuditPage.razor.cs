using System.Globalization;
using PgDurable.Dashboard.Http;
using static PgDurable.Dashboard.Data.Rows;

namespace PgDurable.Dashboard.Pages;

/// <summary>Who did what.</summary>
partial class AuditPage
{
    private const int PageSize = 100;

    internal sealed record Entry(
        long Number, DateTimeOffset At, string Role, string Login, string Action, string? Instance, string? Name, string? Detail,
        string? Application, string? Client);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var before = long.TryParse(question.Query("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : long.MaxValue;
        var entries = await question.Database.ListAsync(
            """
            SELECT a.audit_no, a.at, a.role::text, a.login::text, a.action, a.instance_id, left(a.name, 300), a.detail, a.application,
                   host(a.client)
              FROM df.audit a WHERE a.audit_no < $1 ORDER BY a.audit_no DESC LIMIT $2
            """,
            row => new Entry(
                row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetString(4), Text(row, 5),
                Text(row, 6), Text(row, 7), Text(row, 8), Text(row, 9)),
            ct, before, PageSize);
        return new("Audit", "Audit", context => Draw(context, entries));
    }
}

using PgDurable.Dashboard.Http;
using static PgDurable.Dashboard.Data.Rows;

namespace PgDurable.Dashboard.Pages;

/// <summary>What starts by itself.</summary>
partial class SchedulesPage
{
    internal sealed record Schedule(
        string Name, string Cron, string? TimeZone, string Workflow, int? Version, string Overlap, string CatchUp, bool IsPaused,
        DateTimeOffset? Last, string? LastInstance, DateTimeOffset? Next, int Queued, string? Problem, string Owner, bool IsMine);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var schedules = await question.Database.ListAsync(
            """
            SELECT s.name, s.cron, s.timezone, s.workflow, s.version, s.overlap, s.catch_up, s.paused, s.last_run, s.last_instance,
                   s.next_run, s.queued, s.problem, s.owner::text, s.owner = quote_ident(current_user)::regrole
              FROM df.schedules s ORDER BY s.next_run, s.name LIMIT 500
            """,
            row => new Schedule(
                row.GetString(0), row.GetString(1), Text(row, 2), row.GetString(3), Number(row, 4),
                row.GetString(5), row.GetString(6), row.GetBoolean(7), Time(row, 8), Text(row, 9), Time(row, 10), row.GetInt32(11),
                Text(row, 12), row.GetString(13), row.GetBoolean(14)),
            ct);
        return new("Schedules", "Schedules", context => Draw(context, schedules));
    }
}

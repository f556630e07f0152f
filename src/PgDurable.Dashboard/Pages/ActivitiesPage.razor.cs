using PgDurable.Dashboard.Http;
using static PgDurable.Dashboard.Data.Rows;

namespace PgDurable.Dashboard.Pages;

/// <summary>Tasks of activities.</summary>
partial class ActivitiesPage
{
    internal sealed record Activity(
        string Name, string Queue, long Waiting, DateTimeOffset? WaitingSince, long Running, long Delayed, long Held, int MostDeliveries);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var activities = await question.Database.ListAsync(
            """
            SELECT t.name, t.queue, count(*) FILTER (WHERE t.status = 'waiting'), min(t.waiting_since),
                   count(*) FILTER (WHERE t.status = 'running'), count(*) FILTER (WHERE t.status = 'delayed'),
                   count(*) FILTER (WHERE t.status = 'held'), max(t.delivery)
              FROM df.tasks t WHERE t.status <> 'ended' GROUP BY t.name, t.queue ORDER BY t.name, t.queue LIMIT 500
            """,
            row => new Activity(
                row.GetString(0), row.GetString(1), row.GetInt64(2), Time(row, 3),
                row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt32(7)),
            ct);
        return new("Activities", "Activities", context => Draw(context, activities));
    }
}

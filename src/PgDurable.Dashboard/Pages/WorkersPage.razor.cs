using PgDurable.Dashboard.Http;

namespace PgDurable.Dashboard.Pages;

/// <summary>The processes that run workflows.</summary>
partial class WorkersPage
{
    internal sealed record Worker(
        int Number, int Pid, string Host, string Version, DateTimeOffset Started, DateTimeOffset Seen, bool IsAlive, long InHand);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var workers = await question.Database.IfAllowedAsync(
            () => question.Database.ListAsync(
                """
                SELECT w.worker_id, w.pid, w.host, w.version, w.started_at, w.last_seen_at,
                       w.last_seen_at > clock_timestamp() - w.silence_limit,
                       (SELECT count(*) FROM df.queue q WHERE q.worker_id = w.worker_id)
                  FROM df.workers w ORDER BY w.worker_id
                """,
                row => new Worker(
                    row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4),
                    row.GetFieldValue<DateTimeOffset>(5), row.GetBoolean(6), row.GetInt64(7)),
                ct),
            ct);
        var alive = await question.Database.ValueAsync<long>("SELECT h.workers FROM df.health() h", ct);
        return new("Workers", "Workers", context => Draw(context, workers, alive));
    }
}

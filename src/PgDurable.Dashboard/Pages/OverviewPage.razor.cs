using PgDurable.Dashboard.Http;
using PgDurable.Dashboard.Pages.Parts;
using PgDurable.Doctor;

namespace PgDurable.Dashboard.Pages;

/// <summary>How everything is.</summary>
partial class OverviewPage
{
    // Counting stops here, so that a page takes no longer with millions of instances.
    private const int Newest = 20_000;
    private const int BarCount = 60;

    private const string CountsQuery =
        """
        SELECT (SELECT count(*) FROM df.queue q WHERE q.worker_id > 0),
               (SELECT count(*) FROM df.queue q WHERE q.worker_id IS NULL AND q.due_at > clock_timestamp()),
               (SELECT count(*) FROM df.pauses),
               (SELECT count(*) FROM df.outcomes o WHERE o.status <> 'completed' AND o.status = 'failed'
                   AND o.completed_at > clock_timestamp() - interval '1 day')
        """;

    // The newest, by the index that also serves row security.
    private const string NewestQuery =
        """
        SELECT s.created_at, COALESCE(o.status, 'running')
          FROM (SELECT s.instance_no, s.created_at
                  FROM unnest(df._search_roles()) r CROSS JOIN LATERAL (
                       SELECT s.instance_no, s.created_at FROM df.submissions s
                        WHERE s.submitted_by = r AND s.created_at > clock_timestamp() - interval '1 day'
                        ORDER BY s.created_at DESC LIMIT $1) s
                 ORDER BY s.created_at DESC LIMIT $1) s
          LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
        """;

    internal sealed record Counts(long Running, long Waiting, long Paused, long Failed);

    internal sealed record Model(
        Counts Counts, long Due, TimeSpan? DueFor, long Workers, string Version, IReadOnlyList<Diagnosis> Findings,
        IReadOnlyList<Chart.Bar> Bars, string Period);

    internal static async Task<Page> LoadAsync(Question question, CancellationToken ct)
    {
        var database = question.Database;
        var counts = await database.FirstAsync(
            CountsQuery, row => new Counts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), ct);
        var patient = await Patient.AskAsync(database.Connection, question.Time, ct);
        var findings = Diagnosis.Of(patient, await ActivityTasks.ReadAsync(database.Connection, ct));
        var newest = await database.ListAsync(
            NewestQuery, row => (At: row.GetFieldValue<DateTimeOffset>(0), Status: row.GetString(1)), ct, Newest);
        var (bars, period) = BarsOf(newest, patient.ServerTime);
        var model = new Model(
            counts!, patient.Due, patient.DueFor, patient.Workers, patient.SchemaVersion,
            [.. findings.Where(finding => finding.Severity != Severity.Ok)], bars, period);
        return new("Overview", "Overview", context => Draw(context, model));
    }

    // The last hour if that is enough to see something, or else the last day; less if there are too many.
    private static (IReadOnlyList<Chart.Bar> Bars, string Period) BarsOf(
        List<(DateTimeOffset At, string Status)> newest, DateTimeOffset now)
    {
        var period = newest.Count(one => one.At > now - TimeSpan.FromHours(1)) >= 10 ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        if (newest.Count == Newest && newest.Min(one => one.At) is var oldest && now - oldest < period)
            period = TimeSpan.FromSeconds(Math.Max(1, Math.Floor((now - oldest).TotalSeconds)));
        var width = period / BarCount;
        var begin = now - period;
        var good = new long[BarCount];
        var bad = new long[BarCount];
        foreach (var (at, status) in newest)
        {
            var place = (int)Math.Floor((at - begin) / width);
            if (place is >= 0 and < BarCount)
                (status is "failed" or "cancelled" ? bad : good)[place]++;
        }

        return ([.. Enumerable.Range(0, BarCount).Select(i => new Chart.Bar(begin + (i * width), good[i], bad[i]))], Show.Span(period));
    }
}

using PgDurable;

namespace Patterns;

/// <summary>Writes a report each night, and whenever somebody asks for one, until the last day of the campaign is reported.</summary>
[Workflow("report-nightly")]
public sealed partial class ReportNightly : IWorkflow<ReportNightly.Input, ReportNightly.Report>
{
    public sealed record Input(long CampaignId);
    public sealed record Report(DateOnly Day, decimal Revenue, bool IsLast);

    public static Flow<Report> Define(Flow flow, Input input) => flow
        .Forever<Report>(night => night
            .Race(
                a => a.WaitForSchedule("30 2 * * *", timeZone: "Europe/Paris"),
                b => b.WaitForSignal("report-now"))
            .QuerySingle<Report>($"""
                INSERT INTO patterns.reports (campaign_id, day, revenue)
                SELECT c.id, d.day, coalesce(sum(o.total), 0)
                  FROM patterns.campaigns c
                 CROSS JOIN LATERAL (
                     SELECT coalesce(max(r.day) + 1, c.first_day) FROM patterns.reports r WHERE r.campaign_id = c.id) AS d (day)
                  LEFT JOIN patterns.campaign_orders o ON o.campaign_id = c.id AND o.ordered_on = d.day
                 WHERE c.id = {input.CampaignId}
                 GROUP BY c.id, d.day
                RETURNING day, revenue, day >= (SELECT last_day FROM patterns.campaigns WHERE id = campaign_id) AS is_last
                """, out var report)
            .If(report.IsLast, then: f => f.Break(report)));
}

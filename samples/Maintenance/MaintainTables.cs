using PgDurable;

namespace Maintenance;

/// <summary>
/// Looks for tables with many dead rows, asks whether to vacuum them, reminds those who don't answer, and does what they approve.
/// </summary>
[Workflow("maintain-tables")]
public sealed partial class MaintainTables : IWorkflow<MaintainTables.Input, MaintainTables.Outcome>
{
    public sealed record Input(int DeadPercent, long MinRows, TimeSpan RemindAfter, int Reminders);
    public sealed record Bloated(string Schema, string Table, long Dead);
    public sealed record Answer(bool Approved, string By);
    public sealed record Outcome(string Status, int Tables);

    public static Flow<Outcome> Define(Flow flow, Input input) => flow
        .Query<Bloated>($"""
            SELECT schemaname AS schema, relname AS table, n_dead_tup AS dead
              FROM pg_stat_user_tables s
             WHERE n_live_tup + n_dead_tup >= {input.MinRows} AND n_dead_tup * 100 >= {input.DeadPercent} * (n_live_tup + n_dead_tup)
               AND pg_has_role((SELECT relowner FROM pg_class WHERE oid = s.relid), 'USAGE')
             ORDER BY n_dead_tup DESC
             LIMIT 20
            """, out var bloated)
        .If<Outcome>(bloated.Any,
            then: f => f
                .Say("may I vacuum these tables?")
                .QuerySingle<int>("SELECT 0", out var reminded)
                .Forever<string>(round => round
                    .WaitForSignal<Answer>("answer", input.RemindAfter, out var answer)
                    .If(!answer.TimedOut, then: g => g
                        .If(answer.Data.Approved, then: h => h.Break("approved"))
                        .Break("denied"))
                    .If(reminded >= input.Reminders, then: g => g.Break("nobody answered"))
                    .Say("nobody has answered yet: may I vacuum these tables?")
                    .QuerySingle<int>($"SELECT {reminded} + 1", out reminded), out var decision)
                .If<Outcome>(decision == "approved",
                    then: g => g
                        // The name comes from data, and VACUUM takes no parameters: an activity puts it together.
                        .ForEach(bloated, (h, table) => h.Run(VacuumTable.Definition, new(table.Schema, table.Table), retry: new Retry(3)))
                        .QuerySingle<Outcome>($"SELECT 'done' AS status, {bloated.Count}::int AS tables"),
                    otherwise: g => g.QuerySingle<Outcome>($"SELECT {decision} AS status, 0 AS tables")),
            otherwise: f => f.QuerySingle<Outcome>("SELECT 'nothing to do' AS status, 0 AS tables"));
}

internal static class Messages
{
    [WorkflowFragment]
    public static Flow Say(this Flow flow, string text) =>
        flow.Execute($"INSERT INTO shop.messages (instance, text) VALUES ({flow.Instance.Id}, {text})");
}

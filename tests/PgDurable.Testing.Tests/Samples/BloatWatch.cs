namespace PgDurable.Testing.Tests.Samples;

/// <summary>Scheduled maintenance: detect bloat, ask, act.</summary>
[Workflow("bloat-watch")]
public sealed partial class BloatWatch : IWorkflow<BloatWatch.Input>
{
    public sealed record Input(string Webhook);
    public sealed record Table(string Name, long DeadTuples);
    public sealed record Approval(bool Approved);

    public static Flow Define(Flow flow, Input input) => flow.Forever(week => week
        .WaitForSchedule("0 9 * * 1-5", timeZone: "Europe/Paris")
        .Query<Table>($"SELECT relid::regclass::text AS name, n_dead_tup AS dead_tuples FROM pg_stat_user_tables WHERE n_dead_tup > 10000",
            out var bloated)
        .If(bloated.Any, then: f => f
            .HttpPost($"{input.Webhook}", json: new { text = $"{bloated.Count} bloated tables" })
            .WaitForSignal<Approval>("go", TimeSpan.FromHours(8), out var go)
            .If(!go.TimedOut && go.Data.Approved, then: g => g
                .ForEach(bloated, (t, table) => t.Execute($"SELECT maintenance.vacuum_table({table.Name})")))));
}

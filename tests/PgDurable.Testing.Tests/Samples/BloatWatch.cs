using System.Text.Json.Nodes;

namespace PgDurable.Testing.Tests.Samples;

/// <summary>Detect bloat, ask, act.</summary>
public sealed class BloatWatch : IWorkflow<BloatWatch.Input>
{
    public sealed record Input(string Webhook);

    public sealed record Table(string Name, long DeadTuples);

    public sealed record Approval(bool Approved);

    public static WorkflowDefinition<Input> Definition { get; } =
        Definitions.Of<Input>("bloat-watch", 1, Graph(), (json, input) => json.WriteString("webhook", input.Webhook));

    public static Flow Define(Flow flow, Input input) => throw new NotSupportedException();

    public static DfNode Graph() => Df.Loop(
        Df.WaitForSchedule("0 9 * * 1-5", "Europe/Paris")
            .Then(Df.Sql("SELECT relid::regclass::text AS name, n_dead_tup AS dead_tuples FROM pg_stat_user_tables WHERE n_dead_tup > 10000").As("bloated"))
            .Then(Df.IfRows(
                "bloated",
                Df.HttpJson("https://hooks.test/$input.webhook", body: JsonNode.Parse("""{"text":"bloated: $bloated.name"}""")).As("posted")
                    .Then(Df.WaitForSignal("go", 8 * 3600).As("go"))
                    .Then(Df.If(
                        "SELECT NOT $go.timed_out AND coalesce(($go.data? ->> 'approved')::boolean, false)",
                        Df.ForEach("bloated", "SELECT maintenance.vacuum_table($table.name)", "table"), "SELECT 0")),
                "SELECT 0")));
}

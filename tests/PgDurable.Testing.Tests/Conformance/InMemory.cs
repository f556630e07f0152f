using System.Text.Json;
using Npgsql;
using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Conformance;

/// <summary>Runs scenarios in memory; their SQL runs on the server, in a transaction that is rolled back.</summary>
static class InMemory
{
    public static async Task<Observed> RunAsync(Scenario scenario, NpgsqlConnection connection, bool crashes = false)
    {
        var test = WorkflowTest.For(new Graph(scenario.GraphJson), scenario.Input).UsePostgres(connection);
        foreach (var (name, data) in scenario.Signals)
            test.SignalAfter(TimeSpan.Zero, name, JsonElement.Parse(data));
        foreach (var (name, graph) in scenario.Children)
            test.Child(Definitions.Of(name, graph));
        Activities.Answer(test, scenario.GraphJson + string.Concat(scenario.Children.Select(child => child.Graph.ToJson())));
        if (crashes)
            test.CrashAfterEveryStep();
        return Observed.Of((await test.RunAsync()).History);
    }

    // A graph as df.start takes it.
    sealed class Graph(string json) : WorkflowDefinition<object>("scenario", 1, json, "df", (_, _) => { });
}

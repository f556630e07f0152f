namespace PgDurable.Testing.Tests.Conformance;

/// <summary>
/// For random graphs, the harness leaves the same behind as PostgreSQL and a worker, and each history fits its own graph.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class RandomWorkflowTests(PostgresFixture postgres)
{
    const int Graphs = 300;

    [Fact]
    public async Task RandomGraphs_InMemoryAndOnPostgres_LeaveTheSame()
    {
        var first = int.TryParse(Environment.GetEnvironmentVariable("PGDURABLE_SEED"), out var seed) ? seed : 0;
        var makers = Enumerable.Range(first, Graphs).Select(number => new RandomWorkflow(number)).ToList();
        var scenarios = makers.Select(maker => maker.Make()).ToList();
        string[] kinds = ["if", "if_rows", "join", "race", "loop", "retry", "timeout", "try", "undo", "foreach", "then", "sleep", "signal",
            "timed out", "fail", "break", "error", "raise", "activity", "activity that fails", "call"];
        Assert.Superset(kinds.ToHashSet(), makers.SelectMany(maker => maker.Kinds).ToHashSet());

        var real = await postgres.RunAsync(scenarios);
        await using var connection = await postgres.ConnectAsync();
        await using (var empty = new Npgsql.NpgsqlCommand("TRUNCATE log", connection))
            await empty.ExecuteNonQueryAsync();
        for (var i = 0; i < scenarios.Count; i++)
        {
            var what = $"{scenarios[i]}: {scenarios[i].GraphJson}\n"
                + string.Join('\n', scenarios[i].Children.Select(child => $"{child.Name}: {child.Graph.ToJson()}"));
            Observed.Same(real[i], await InMemory.RunAsync(scenarios[i], connection), what);
            if (i % 5 == 0)
                Observed.Same(real[i], await InMemory.RunAsync(scenarios[i], connection, crashes: true), "with crashes, " + what);
            var report = WorkflowReplay.Check(scenarios[i].GraphJson, real[i].History);
            Assert.True(report.Compatible, $"{what}\n{report.Explanation}\n{real[i].History}");
        }
        Assert.Contains(real, run => run.Text.StartsWith("completed", StringComparison.Ordinal));
        Assert.Contains(real, run => run.Text.StartsWith("failed", StringComparison.Ordinal));
    }
}

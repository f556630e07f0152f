using PgDurable.Graph;
using PgDurable.Testing.Tests.Conformance;

namespace PgDurable.Testing.Tests.Fold;

/// <summary>
/// Compares what readers see (df._fold, df._node_states) with the engine: for random graphs and histories, after every row.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class FoldTests(PostgresFixture postgres)
{
    private const int Histories = 200;
    private const int MaxInputs = 30;

    [Fact]
    public async Task RandomHistories_AfterEveryRow_AreReadAsTheEngineKnowsThem()
    {
        var first = int.TryParse(Environment.GetEnvironmentVariable("PGDURABLE_SEED"), out var seed) ? seed : 0;
        var histories = Enumerable.Range(first, Histories).Select(number => new RecordedHistory(number, MaxInputs)).ToList();
        string[] events = ["carry", "paced carry", "failed iteration", "late input", "row gone"];
        var kinds = Enum.GetNames<NodeKind>().Except([nameof(NodeKind.HttpMultipart)]);
        Assert.Superset(new HashSet<string>([.. events, .. kinds]), histories.SelectMany(history => history.Seen).ToHashSet());

        Assert.Equal(3, histories.Select(history => history.Moments[^1].Outcome?.GetType()).Distinct().Count());

        await using var connection = await postgres.ConnectAsync();
        var judge = new FoldJudge(connection);
        foreach (var history in histories)
            if (await judge.DifferenceAsync(history) is { } difference)
                Assert.Fail($"{difference}\n{history}");
    }
}

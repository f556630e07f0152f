using PgDurable.Extension.Tests.Store;
using PgDurable.Graph;

namespace PgDurable.Extension.Tests.Algebra;

/// <summary>
/// C# and SQL compose the same: the same envelope, byte for byte, the same tree and the same errors.
/// </summary>
[Collection(StoreCollection.Name)]
public sealed class SameInSqlTests(StoreFixture fixture)
{
    // Cases that random compositions rarely contain, or that take long.
    private static readonly Composed[] Specials =
    [
        // zone with digits
        new("df.wait_for_schedule('@daily', 'Etc/GMT+5')", () => Df.WaitForSchedule("@daily", "Etc/GMT+5")),
        // zone that is an offset
        new("df.wait_for_schedule('@daily', '+02:00')", () => Df.WaitForSchedule("@daily", "+02:00")),
        // empty zone
        new("df.wait_for_schedule('@daily', '')", () => Df.WaitForSchedule("@daily", "")),
        // URL that is not known yet
        new("df.http('$input.url/x', 'GET')", () => Df.Http("$input.url/x", "GET")),
        // URL that only looks unknown
        new("df.http('$1://x', 'GET')", () => Df.Http("$1://x", "GET")),
        // deepest chain
        Chain(WorkflowGraph.MaxDepth + 1),
        // chain that is too deep
        Chain(WorkflowGraph.MaxDepth + 2),
        // chain that is much too deep
        Chain(1500),
        // deepest on the right
        new(
            "(SELECT string_agg('{\"node_type\":\"THEN\",\"left_node\":{\"node_type\":\"SQL\",\"query\":\"a\"},\"right_node\":', '') || "
            + "df.sql('b') || repeat('}', 257) FROM generate_series(1, 257))",
            () => Enumerable.Repeat("a", 257).Aggregate(Df.Sql("b"), (right, left) => Df.Seq(left, right))),
        // the maximum number of nodes
        new("df.join(VARIADIC array_fill('a'::text, ARRAY[9999]))", () => Df.Join([.. Enumerable.Repeat<DfNode>("a", 9999)])),
        // one node too many
        Wide(100, 99),
        // far too many nodes
        Wide(105, 105),
        // too many nodes, one of them malformed
        new(
            "df.join(df.join(VARIADIC array_fill('a'::text, ARRAY[9999])), '{\"node_type\":\"THEN\",\"left_node\":{}}')",
            () => Df.Join(Df.Join([.. Enumerable.Repeat<DfNode>("a", 9999)]), """{"node_type":"THEN","left_node":{}}""")),
        // deep input
        new(
            "df.call('w', (repeat('[', 900) || repeat(']', 900))::jsonb)",
            () => Df.Call("w", System.Text.Json.Nodes.JsonNode.Parse(
                new string('[', 900) + new string(']', 900), documentOptions: new() { MaxDepth = 1000 }))),
        // long numbers
        new(
            "df.retry('a', 1, 0.0000000000000000000000000001, 1.5000000000000000000000000000, 31535999.99999999999999999999)",
            () => Df.Retry("a", 1, 0.0000000000000000000000000001m, 1.5000000000000000000000000000m, 31535999.99999999999999999999m)),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Compose_Random_IsWhatPostgresComposes(int seed)
    {
        var random = new RandomComposition(seed);

        var theirs = await AssertSameAsync([.. Enumerable.Range(0, 300).Select(_ => random.Next())]);

        // A test in which nothing, or everything, is refused would show little.
        Assert.InRange(theirs.Count(judgement => judgement.Refusal is not null), 10, 150);
        Assert.InRange(theirs.Count(judgement => judgement is { Json: not null, Problem: not null }), 10, 150);
    }

    [Fact]
    public Task Compose_Special_IsWhatPostgresComposes() => AssertSameAsync([.. Specials]);

    private async Task<List<Judgement>> AssertSameAsync(List<Composed> compositions)
    {
        var ours = compositions.ConvertAll(Compose);

        var theirs = await ComposerJudge.JudgeAsync(fixture, compositions.Select(composed => composed.Sql));

        for (var i = 0; i < ours.Count; i++)
            AssertSame(compositions[i].Sql, theirs[i], ours[i].Judgement);

        // The SQL that C# writes composes the same envelope again.
        var written = ours.FindAll(our => our.Sql is not null);
        var again = await ComposerJudge.JudgeAsync(fixture, written.Select(our => our.Sql!));
        for (var i = 0; i < written.Count; i++)
            AssertSame(written[i].Sql!, again[i], written[i].Judgement);
        return theirs;
    }

    private static Composed Chain(int steps) => new(
        string.Join(" ~> ", Enumerable.Range(1, steps).Select(i => $"'SELECT {i}'")),
        () => Enumerable.Range(2, steps - 1).Aggregate(Df.Sql("SELECT 1"), (chain, i) => chain.Then($"SELECT {i}")));

    private static Composed Wide(int branches, int steps) => new(
        $"(SELECT df.join(VARIADIC array_agg(b)) FROM (SELECT df.join(VARIADIC array_fill('a'::text, ARRAY[{steps}])) "
            + $"FROM generate_series(1, {branches})) s (b))",
        () => Df.Join([.. Enumerable.Range(0, branches).Select(_ => Df.Join([.. Enumerable.Repeat<DfNode>("a", steps)]))]));

    private static (Judgement Judgement, string? Sql) Compose(Composed composed)
    {
        DfNode node;
        try
        {
            node = composed.Build();
        }
        catch (ArgumentException e)
        {
            return (new(null, null, null, e.Message), null);
        }
        return (new(node.ToJson(), node.Explain(), Problem(node), null), node.ToSql());
    }

    private static string? Problem(DfNode node)
    {
        try
        {
            node.Validate();
            return null;
        }
        catch (GraphFormatException e)
        {
            return e.Message;
        }
    }

    private static void AssertSame(string sql, Judgement expected, Judgement actual) =>
        Assert.True(expected == actual, $"{sql}\n\nPostgreSQL: {expected}\n\nC#: {actual}");
}

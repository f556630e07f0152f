namespace PgDurable.Extension.Tests.Inspection;

/// <summary>df.nodes shows completed sequences without folding them. It has to show what df._node_states finds by folding.</summary>
[Collection(InspectionCollection.Name)]
public sealed class SequenceTests(InspectionFixture fixture)
{
    const string Columns =
        "id, node_type, query, result_name, left_node, right_node, status, result, error, updated_at, status_details, inferred_status, " +
        "inferred_status_from_ancestor_id, started_at, finished_at, error_details";

    // The definition of the view's columns for what is folded.
    const string Folded =
        """
        SELECT df._node_id(n.node) AS id, n.node_type, df._node_query(n.node_type, n.query, n.children) AS query, n.result_name,
               df._node_id(n.children[1]) AS left_node, df._node_id(n.children[2]) AS right_node, n.status, df._jsonb(n.result) AS result,
               df._message(n.error) AS error, COALESCE(n.finished_at, n.started_at, s.created_at) AS updated_at,
               n.failures AS status_details, n.inferred_status, df._node_id(n.inferred_from) AS inferred_status_from_ancestor_id,
               n.started_at, n.finished_at, df._jsonb(n.error) AS error_details
          FROM df.submissions s CROSS JOIN LATERAL df._node_states(s.instance_no) n
         WHERE s.id = $1
        """;

    static readonly string[] Steps =
    [
        "'SELECT 1'", "('SELECT ''{\"}''' |=> 'b')", "df.sleep(1)", "df.wait_for_schedule('* * * * *')", "df.wait_for_signal('go')",
        "df.activity('a')",
    ];

    [Fact]
    public async Task Nodes_OfCompletedSequences_AreAsTheFoldFindsThem()
    {
        for (var seed = 0; seed < 15; seed++)
        {
            var random = new Random(seed);
            var instance = await RecordedInstance.StartAsync(fixture, Sequence(random, random.Next(1, 8)));
            var leaves = await fixture.ListAsync("postgres",
                "SELECT n.node::text FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id " +
                "CROSS JOIN LATERAL unnest(df._sequence(g.graph)) n WHERE s.id = $1 AND n.children = '{}'", instance.Id);
            Assert.NotEmpty(leaves);
            await CompareAsync(instance.Id, seed);
            foreach (var leaf in leaves)
            {
                // A clock may be set back: the earliest start is not always the first.
                await instance.RecordAsync(random.Next(3) switch { 0 => leaf, 1 => $"{leaf}=null", _ => leaf + "={\"v\":\"\\u0000\"}" });
                await fixture.Cluster.ExecuteAsync(
                    $"UPDATE df.checkpoints SET started_at = started_at - interval '{random.Next(9)} s', " +
                    $"finished_at = finished_at + interval '{random.Next(9)} s' WHERE instance_no = {instance.Number} AND node = {leaf}");
                await CompareAsync(instance.Id, seed);
            }
            await instance.CompleteAsync(int.Parse(leaves[^1], System.Globalization.CultureInfo.InvariantCulture));
            await CompareAsync(instance.Id, seed);
        }
    }

    [Theory]
    [InlineData("df.try('SELECT 1', 'SELECT 2')")]
    [InlineData("df.loop('SELECT 1', 'SELECT false')")]
    [InlineData("df.seq('SELECT 1', df.join('SELECT 2', 'SELECT 3'))")]
    [InlineData("df.retry('SELECT 1')")]
    public async Task Sequence_OfAnyOtherGraph_IsNull(string graph) =>
        Assert.Equal("true", await fixture.TextAsync("postgres", $"SELECT (df._sequence({graph}) IS NULL)::text"));

    // A role may write a graph without df.start. Who sees the instances of all roles must still be able to list them.
    [Theory]
    [InlineData("{\"node_type\":\"SQL\",\"query\":\"\n\"}")]
    [InlineData("{\"node_type\":\"SQL\",\"query\":\"\\u0000\"}")]
    [InlineData("{\"node_type\":\"SQL\"}")]
    [InlineData("{\"node_type\":null}")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Nodes_OfAGraphThatNobodyChecked_BreakNoListing(string graph)
    {
        var instance = await RecordedInstance.StartAsync(fixture, "'SELECT 1'");
        await instance.RecordAsync("0");
        await instance.CompleteAsync(0);
        await fixture.TextAsync("carol",
            "WITH g AS (INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id) " +
            "INSERT INTO df.submissions (graph_id) SELECT graph_id FROM g RETURNING id", graph);
        await instance.SuperuserAsync(
            "UPDATE df.submissions SET graph_id = (SELECT max(graph_id) FROM df.graphs) WHERE instance_no = @no");
        foreach (var role in (string[])["postgres", "carol"])
            Assert.NotEqual("", await fixture.TextAsync(role, "SELECT count(n.*)::text FROM df.nodes n"));
    }

    async Task CompareAsync(string id, int seed)
    {
        foreach (var role in (string[])["postgres", "carol"])
        {
            var shown = await fixture.ListAsync(role,
                $"SELECT n::text FROM (SELECT {Columns} FROM df.nodes WHERE instance_id = $1) n ORDER BY n.id", id);
            var folded = await fixture.ListAsync(role, $"SELECT n::text FROM ({Folded}) n ORDER BY n.id", id);
            Assert.NotEmpty(shown);
            Assert.True(folded.SequenceEqual(shown), $"seed {seed}\n{string.Join('\n', folded)}\n\n{string.Join('\n', shown)}");
        }
    }

    static string Sequence(Random random, int length)
    {
        if (length == 1)
            return Steps[random.Next(Steps.Length)];
        var left = random.Next(1, length);
        return $"df.seq({Sequence(random, left)}, {Sequence(random, length - left)})";
    }
}

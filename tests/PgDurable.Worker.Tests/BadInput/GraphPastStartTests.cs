namespace PgDurable.Worker.Tests.BadInput;

/// <summary>
/// Graphs that a role writes into df.graphs itself, past the checks of df.start. One of them must not stop the worker for everybody.
/// </summary>
public sealed class GraphPastStartTests(GraphPastStartTests.Server fixture) : IClassFixture<GraphPastStartTests.Server>
{
    public static TheoryData<string> PastStart => new(
        "", "no JSON", "{", "[]", "null", "7", "\"text\"", "{}", "{\"node_type\":null}", "{\"node_type\":\"SQL\"}",
        "{\"node_type\":\"HTTP\"}", "{\"node_type\":\"THEN\",\"left_node\":{}}", "{\"node_type\":\"SQL\",\"query\":{}}",
        "{\"node_type\":\"SQL\",\"query\":\"SELECT 1\",\"extra_nodes\":[{}]}",
        // Valid JSON that is not valid Unicode, as a value and as a name.
        "{\"node_type\":\"SQL\",\"query\":\"\\ud800\"}", "{\"node_type\":\"\\udc00\"}", "{\"\\ud800\":1}",
        "{\"node_type\":\"SQL\",\"query\":\"SELECT 1\",\"result_name\":\"\\ud800\"}",
        "{\"node_type\":\"SQL\",\"query\":\"SELECT '\\u0000'\"}",
        // Deeper than anything may be, as nodes and as JSON.
        "deep nodes", "deep arrays", "many nodes");

    [Theory]
    [MemberData(nameof(PastStart))]
    public async Task Graph_WrittenPastStart_FailsAndTheWorkerLives(string graph)
    {
        await using var user = await fixture.UserAsync();
        var worker = await fixture.WorkerAsync();
        var text = graph switch
        {
            "deep nodes" => Nested(
                "{\"node_type\":\"THEN\",\"right_node\":{\"node_type\":\"SQL\",\"query\":\"SELECT 1\"},\"left_node\":", "{}", "}", 5000),
            "deep arrays" => Nested("[", "", "]", 100_000),
            "many nodes" => Graphs.Sequence([.. Enumerable.Repeat("SELECT 1", 200)]) is var some ? Balanced(some, 8) : "",
            _ => graph,
        };
        var number = await user.ScalarAsync<long>("INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id", text);
        var id = await user.ScalarAsync<string>("INSERT INTO df.submissions (graph_id) VALUES ($1) RETURNING id", number);

        try
        {
            await AssertFailsAsync(user, id, graph, worker);
        }
        finally
        {
            // Should it go on to stop every worker, then not in the other tests as well.
            await fixture.Cluster.ExecuteAsync(
                $"DELETE FROM df.queue WHERE instance_no = (SELECT instance_no FROM df.submissions WHERE id = '{id}')");
        }
    }

    async Task AssertFailsAsync(TestUser user, string id, string graph, int worker)
    {
        await Poll.UntilAsync(
            "the instance has failed, or the worker",
            async () => await user.ScalarAsync<string>("SELECT df.status($1)", id) == "failed"
                || await fixture.Cluster.ScalarAsync<int>("SELECT coalesce(max(worker_id), 0) FROM df.workers") is var now
                    && now != worker);
        Assert.Equal(worker, await fixture.Cluster.WorkerIdAsync());
        var error = await user.ErrorAsync(id);
        Assert.NotEqual("", error.GetProperty("message").GetString());
        if (!graph.Contains("\\u0000", StringComparison.Ordinal))
            Assert.Equal("DF003", error.GetProperty("sqlstate").GetString());
        await user.RunAsync("SELECT 1");
    }

    static string Nested(string open, string middle, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));

    static string Balanced(string leaf, int levels) => levels == 0
        ? leaf
        : $"{{\"node_type\":\"THEN\",\"left_node\":{Balanced(leaf, levels - 1)},\"right_node\":{Balanced(leaf, levels - 1)}}}";

    public sealed class Server : IAsyncLifetime
    {
        public PgCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await Clusters.WithExtensionAsync(worker: true);

        /// <summary>The number of the worker that runs now, and not of one that an earlier test ended.</summary>
        public async Task<int> WorkerAsync()
        {
            var number = 0;
            await Poll.UntilAsync("a worker runs", async () =>
            {
                number = await Cluster.ScalarAsync<int>($"SELECT CASE WHEN count(*) = 1 AND min(pid) = {Cluster.WorkerPid ?? 0} THEN "
                    + "min(worker_id) ELSE 0 END FROM df.workers");
                return number > 0;
            });
            return number;
        }

        public Task<TestUser> UserAsync() => TestUser.CreateAsync(Cluster);

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}

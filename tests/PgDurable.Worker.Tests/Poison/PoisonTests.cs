using System.Globalization;

namespace PgDurable.Worker.Tests.Poison;

/// <summary>
/// What a granted role can write past the functions that check it. It fails its own instance, says why, and does nothing to anybody else.
/// </summary>
[Collection(WorkerCollection.Name)]
public sealed class PoisonTests(WorkerFixture fixture)
{
    public static TheoryData<string> Vars => new("[1]", "{\"a\":1}", "null", "7", "\"x\"", "{\"a\":null}", "{\"a\":{}}",
        "{\"a\":\"\\ud800\"}", "{\"\\udc00\":\"x\"}", "deep 100", "deep 5000");

    [Theory]
    [MemberData(nameof(Vars))]
    public async Task Variables_ThatAreNoTexts_FailTheInstance(string vars) => await UnharmedAsync(async user =>
    {
        var graph = await GraphAsync(user, Graphs.Sql("SELECT 1"));
        var error = await user.ErrorAsync(await SubmitAsync(user, graph, vars: Deep(vars)));
        Assert.Equal("DF003", error.GetProperty("sqlstate").GetString());
    });

    [Theory]
    [InlineData(100)]
    [InlineData(990)]
    [InlineData(5000)]
    public async Task Json_Deep_InACallOrARequest_IsSentOrFailsTheStep(int depth) => await UnharmedAsync(async user =>
    {
        var deep = Deep($"deep {depth}");
        await user.ExecuteAsync("SELECT df.register_workflow('w', 'SELECT 1')");
        var call = await GraphAsync(user, await user.ScalarAsync<string>("SELECT df.call('w', $1::jsonb)", deep));
        var request = await GraphAsync(user, """{"node_type":"HTTP_JSON","query":"""
            + $$"""{{Graphs.Text($$"""{"url":"http://localhost:9/","method":"POST","body":{{deep}}}""")}}}""");

        var called = await SubmitAsync(user, call);
        var requested = await SubmitAsync(user, request);

        Assert.Equal(depth < 1000 ? "completed" : "failed", await user.EndAsync(called));
        Assert.Equal("failed", await user.EndAsync(requested)); // without the right to send any
    });

    [Theory]
    [InlineData(100)]
    [InlineData(6000)]
    public async Task Json_Deep_AsInputSignalAndResult_GoesThroughOrFailsTheInstance(int depth) => await UnharmedAsync(async user =>
    {
        var deep = Deep($"deep {depth}");
        var reader = await GraphAsync(
            user, Graphs.Sequence(("a", "SELECT length($input::text) AS n, $input AS v"), (null, "SELECT length($a.v::text) AS n")));
        var waiter = await GraphAsync(
            user, """{"node_type":"THEN","left_node":{"node_type":"SIGNAL","query":"{\"signal_name\":\"go\"}","result_name":"s"}"""
                + $$""","right_node":{{Graphs.Sql("SELECT length($s::text) AS n")}}}""");

        var reads = await SubmitAsync(user, reader, input: deep);
        var waits = await SubmitAsync(user, waiter);
        await user.ExecuteAsync("INSERT INTO df.signals (instance_no, name, data) SELECT instance_no, 'go', $2::text::json "
            + "FROM df.submissions WHERE id = $1", waits, deep);

        foreach (var id in (string[])[reads, waits])
            Assert.True(await user.EndAsync(id) is "completed" or "failed");
    });

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("\"\\u0000\"")]
    public async Task Signal_ThatIsNoText_FailsTheInstance(string data) => await UnharmedAsync(async user =>
    {
        var graph = await GraphAsync(
            user, """{"node_type":"THEN","left_node":{"node_type":"SIGNAL","query":"{\"signal_name\":\"go\"}","result_name":"s"}"""
                + $$""","right_node":{{Graphs.Sql("SELECT $s.data AS v")}}}""");
        var id = await SubmitAsync(user, graph);
        await user.ExecuteAsync("INSERT INTO df.signals (instance_no, name, data) SELECT instance_no, 'go', $2::text::json "
            + "FROM df.submissions WHERE id = $1", id, data);

        Assert.NotEqual("", (await user.ErrorAsync(id)).GetProperty("message").GetString());
    });

    [Fact]
    public async Task Schedule_ThatIsNonsense_IsNotedThere() => await UnharmedAsync(async user =>
    {
        await user.ExecuteAsync(
            """
            INSERT INTO df.schedule_entries (name, cron, timezone, workflow, overlap, catch_up, jitter_seconds)
            VALUES ('a', 'nonsense', NULL, 'w', 'skip', 'skip', 0),
                   ('b', '* * * * *', 'Nowhere/Else', 'w', 'queue', 'all', 0),
                   ('c', repeat('*,', 400) || ' * * * *', NULL, 'w', 'allow', 'one', 0)
            """);
        await Poll.UntilAsync(
            "all of them say so", () => user.ScalarAsync<bool>("SELECT count(*) = 3 FROM df.schedules WHERE problem <> ''"));
    });

    /// <summary>The same worker, in the same session, goes on running what another role starts.</summary>
    async Task UnharmedAsync(Func<TestUser, Task> attack)
    {
        await using var victim = await fixture.UserAsync();
        await using var attacker = await fixture.UserAsync();
        var before = (await fixture.Cluster.WorkerPidAsync(), await fixture.Cluster.WorkerIdAsync());
        try
        {
            await attack(attacker);
            await victim.RunAsync("SELECT 1");
            Assert.Equal(before, (await fixture.Cluster.WorkerPidAsync(), await fixture.Cluster.WorkerIdAsync()));
        }
        finally
        {
            await fixture.Cluster.ExecuteAsync($"DELETE FROM df.queue WHERE submitted_by = '{attacker.Role}'::regrole; "
                + $"DELETE FROM df.schedule_entries WHERE owner = '{attacker.Role}'::regrole");
        }
    }

    static string Deep(string text)
    {
        if (!text.StartsWith("deep ", StringComparison.Ordinal))
            return text;
        var depth = int.Parse(text[5..], CultureInfo.InvariantCulture);
        return new string('[', depth) + new string(']', depth);
    }

    static Task<long> GraphAsync(TestUser user, string graph) =>
        user.ScalarAsync<long>("INSERT INTO df.graphs (graph) VALUES ($1) RETURNING graph_id", graph);

    static Task<string> SubmitAsync(TestUser user, long graph, string? vars = null, string? input = null) => user.ScalarAsync<string>(
        "INSERT INTO df.submissions (graph_id, vars, input) VALUES ($1, NULLIF($2, '')::json, NULLIF($3, '')::jsonb) RETURNING id", graph,
        vars ?? "", input ?? "");
}

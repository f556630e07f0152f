using System.Text.Json;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>
/// What a run leaves for those who look at it later: where the failed step was written, and all that it did as one document.
/// </summary>
[Collection(WorkerCollection.Name)]
public sealed class SourceAndExportTests(WorkerFixture fixture)
{
    // Nodes in pre-order: the sequence, the first step, the loop, its body, its condition.
    [Fact]
    public async Task Error_StepInALoop_NamesItsLine()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartGraphAsync(
            "'SELECT 1' ~> df.loop('SELECT 1/0', 'SELECT false'), sources => ARRAY['a.cs:1', 'a.cs:2', 'a.cs:3', 'a.cs:4', 'a.cs:5']");

        var error = await user.ErrorAsync(id);
        Assert.Equal(("00000003", "a.cs:4"), (error.GetProperty("node").GetString(), error.GetProperty("source").GetString()));
        Assert.Equal("a.cs:4", await user.ScalarAsync<string>("SELECT source FROM df.failed WHERE id = $1", id));
        Assert.Equal("a.cs:2 a.cs:4", await user.ScalarAsync<string>("SELECT string_agg(source, ' ') FROM df.history($1)", id));
        Assert.Contains("Source:   a.cs:4", await user.ScalarAsync<string>("SELECT df.explain($1)", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_OfAChild_NamesTheLineOfTheCallAndItsOwn()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('child', 'SELECT 1/0', sources => ARRAY['child.cs:7'])");
        var id = await user.StartGraphAsync("'SELECT 1' ~> df.call('child'), sources => ARRAY['a.cs:1', 'a.cs:2', 'a.cs:3']");

        Assert.Equal("a.cs:3", (await user.ErrorAsync(id)).GetProperty("source").GetString());
        Assert.Equal("child.cs:7", await user.ScalarAsync<string>("SELECT source FROM df.failed WHERE workflow = 'child'"));
    }

    [Fact]
    public async Task Export_CompletedRun_HasEveryInputOfTheEngineInOrder()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.setvar('region', 'EU')");
        var id = await user.StartGraphAsync(
            """
            ('SELECT 1 AS n' |=> 'x') ~> df.wait_for_signal('go')
              ~> df.try('SELECT 1/0', 'SELECT $x.n + $input.n AS sum, ''{region}'' AS region'),
            label => 'a label', input => '{"n": 41}'
            """);
        await user.WaitingAsync(id, "SIGNAL");
        Assert.Equal("running", (await ExportAsync(user, id)).GetProperty("status").GetString());
        await user.ExecuteAsync("SELECT df.signal($1, 'go', '{\"by\": \"alice\"}')", id);
        var result = await user.ResultAsync(id);

        var export = await ExportAsync(user, id);
        Assert.Equal(
            (1, id, "a label", "completed", 41, "EU"),
            (export.GetProperty("format").GetInt32(), export.GetProperty("instance").GetString(), export.GetProperty("label").GetString(),
                export.GetProperty("status").GetString(), export.GetProperty("input").GetProperty("n").GetInt32(),
                export.GetProperty("vars").GetProperty("region").GetString()));
        Assert.Equal("THEN", export.GetProperty("graph").GetProperty("node_type").GetString());
        Assert.True(JsonElement.DeepEquals(result, export.GetProperty("result")));
        Assert.Equal(JsonValueKind.Null, export.GetProperty("error").ValueKind);
        Assert.True(export.GetProperty("started_at").GetDateTimeOffset() < export.GetProperty("ended_at").GetDateTimeOffset());

        var checkpoints = export.GetProperty("checkpoints").EnumerateArray().ToList();
        Assert.Equal(4, checkpoints.Count);
        Assert.Equal(
            checkpoints.Select(c => c.GetProperty("seq").GetInt32()).Order(), checkpoints.Select(c => c.GetProperty("seq").GetInt32()));
        Assert.Equal("""[["n","pg_catalog.int4"]]""", checkpoints[0].GetProperty("columns").GetRawText());
        Assert.Equal("alice", checkpoints[1].GetProperty("result").GetProperty("data").GetProperty("by").GetString());
        Assert.Equal("22012", checkpoints[2].GetProperty("error").GetProperty("sqlstate").GetString());
        Assert.Equal(JsonValueKind.Null, checkpoints[2].GetProperty("result").ValueKind);
        Assert.Equal(42, checkpoints[3].GetProperty("result").GetProperty("rows")[0].GetProperty("sum").GetInt32());
    }

    static async Task<JsonElement> ExportAsync(TestUser user, string id) =>
        JsonElement.Parse(await user.ScalarAsync<string>("SELECT df.export_history($1)::text", id));
}

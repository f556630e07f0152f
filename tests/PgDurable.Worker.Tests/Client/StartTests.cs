using System.Text.Json;
using System.Text.Json.Serialization;
using PgDurable.Worker.Tests.GraphEquality;

namespace PgDurable.Worker.Tests.Client;

/// <summary>The ways to start.</summary>
[Collection(WorkerCollection.Name)]
public sealed partial class StartTests(WorkerFixture fixture) : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    ClientUser _user = null!;

    DurableClient Client => _user.Client;

    public async Task InitializeAsync() => _user = await ClientUser.CreateAsync(fixture.Cluster);

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task Start_DynamicGraph_AsAnApplicationWritesIt()
    {
        await _user.User.ExecuteAsync($"CREATE TABLE {_user.User.Schema}.totals (users bigint, orders bigint)");
        var ct = CancellationToken.None;
        var run = await Client.StartAsync(
            (Df.Sql("SELECT 2 AS n").As("u") & Df.Sql("SELECT 3 AS n").As("o")).Then("INSERT INTO totals VALUES ($u, $o)"),
            label: "totals", ct);
        await run.WaitAsync(Patience, ct);
        Assert.Equal("totals", (await run.InfoAsync(ct)).Label);
        Assert.Equal(5L, await _user.User.ScalarAsync<long>($"SELECT users + orders FROM {_user.User.Schema}.totals"));
    }

    [Fact]
    public async Task Start_WithStartAt_WaitsUntilThen()
    {
        var at = DateTimeOffset.UtcNow.AddHours(3);
        var run = await Client.StartAsync("SELECT 1", new StartOptions { StartAt = at, Label = "later" });
        var until = await _user.User.ScalarAsync<DateTime>("SELECT until FROM df.waiting WHERE id = $1 AND kind = 'START'", run.InstanceId);
        Assert.Equal(at.UtcDateTime, until, TimeSpan.FromMilliseconds(1));
        await run.CancelAsync();
        await Assert.ThrowsAsync<WorkflowCancelledException>(() => run.WaitAsync(Patience));
    }

    [Fact]
    public async Task Start_InAnotherDatabase_RunsThere()
    {
        var run = await Client.StartAsync("SELECT current_database() AS name", new StartOptions { Database = "template1" });
        Assert.Equal(
            "template1", JsonElement.Parse((await run.ResultJsonAsync(Patience))!).GetProperty("rows")[0].GetProperty("name").GetString());
        Assert.Equal("template1", (await run.InfoAsync()).Database);
    }

    [Fact]
    public async Task StartByName_OfADefinition_RunsTheRegisteredVersionWithTypes()
    {
        var missing =
            await Assert.ThrowsAsync<WorkflowNotRegisteredException>(() => Client.StartByNameAsync(HostileText.Definition, new("x")));
        Assert.Equal(("hostile-text", 1), (missing.Workflow, missing.Version));
        await _user.User.ExecuteAsync("SELECT df.register_workflow('hostile-text', $1, 1)", HostileText.Definition.GraphJson);

        var run = await Client.StartByNameAsync(HostileText.Definition, new("it's"), new() { IdempotencyKey = "k" });

        Assert.Equal("it's", (await run.ResultAsync(Patience))[0].D);
        var info = await run.InfoAsync();
        Assert.Equal(("hostile-text", 1, "hostile-text"), (info.Workflow, info.WorkflowVersion, info.Label));
        Assert.Equal(run.InstanceId,
            (await Client.StartByNameAsync(HostileText.Definition, new("other"), new() { IdempotencyKey = "k" })).InstanceId);
    }

    [Fact]
    public async Task StartByName_WithTypedOrTextInput_StartsTheVersionThatWasAskedFor()
    {
        foreach (var version in (int[])[1, 2])
            await _user.User.ExecuteAsync(
                $"SELECT df.register_workflow('echo', 'SELECT $input.text AS text, {version} AS version', {version})");

        var typed = await Client.StartByNameAsync("echo", new Echo("a"), EchoJson.Default.Echo, version: 1);
        var text = await Client.StartByNameAsync("echo", """{"text":"b"}""");

        Assert.Equal(("a", 1), await ReadAsync(typed));
        Assert.Equal(("b", 2), await ReadAsync(text));
        await Assert.ThrowsAsync<WorkflowNotRegisteredException>(() => Client.StartByNameAsync("echo", version: 3));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.StartByNameAsync("echo", options: new() { Database = "template1" }));

        static async Task<(string?, int)> ReadAsync(WorkflowHandle run)
        {
            var row = JsonElement.Parse((await run.ResultJsonAsync(Patience))!).GetProperty("rows")[0];
            return (row.GetProperty("text").GetString(), row.GetProperty("version").GetInt32());
        }
    }

    [Fact]
    public async Task StartMany_OfADefinition_RunsTheRegisteredVersionForEachInputInOrder()
    {
        string[] texts = ["it's", "", "ä\"\\"];
        var inputs = texts.Select(text => new HostileText.Input(text));
        var missing =
            await Assert.ThrowsAsync<WorkflowNotRegisteredException>(() => Client.StartManyAsync(HostileText.Definition, inputs));
        Assert.Equal(("hostile-text", 1), (missing.Workflow, missing.Version));
        await _user.User.ExecuteAsync("SELECT df.register_workflow('hostile-text', $1, 1)", HostileText.Definition.GraphJson);

        StartManyOptions options = new() { IdempotencyKeys = ["k0", null, "k2"], Labels = [null, "one", null] };
        var runs = await Client.StartManyAsync(HostileText.Definition, inputs, options);

        Assert.Equal(texts, await Task.WhenAll(runs.Select(async run => (await run.ResultAsync(Patience))[0].D)));
        Assert.Equal(["hostile-text", "one", "hostile-text"],
            await Task.WhenAll(runs.Select(async run => (await run.InfoAsync()).Label!)));
        var again = await Client.StartManyAsync(HostileText.Definition, inputs, options);
        Assert.Equal([true, false, true], runs.Zip(again, (run, other) => run.InstanceId == other.InstanceId));
        Assert.Empty(await Client.StartManyAsync(HostileText.Definition, []));
        await Assert.ThrowsAsync<ArgumentException>(
            () => Client.StartManyAsync(HostileText.Definition, inputs, new() { Labels = ["one"] }));
    }

    [Fact]
    public async Task StartMany_ByName_StartsTheVersionThatWasAskedFor()
    {
        foreach (var version in (int[])[1, 2])
            await _user.User.ExecuteAsync($"SELECT df.register_workflow('echo', 'SELECT {version} AS version', {version})");

        Assert.Equal([2, 2], await VersionsAsync(await Client.StartManyAsync("echo", [null, "{}"])));
        Assert.Equal([1], await VersionsAsync(await Client.StartManyAsync("echo", ["[1]"], version: 1)));

        static Task<int?[]> VersionsAsync(IEnumerable<WorkflowHandle> runs) =>
            Task.WhenAll(runs.Select(async run => (await run.InfoAsync()).WorkflowVersion));
    }

    sealed record Echo(string Text);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Echo))]
    sealed partial class EchoJson : JsonSerializerContext;
}

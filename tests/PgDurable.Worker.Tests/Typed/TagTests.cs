using System.Text.Json;
using Npgsql;
using PgDurable.Worker.Tests.Client;

namespace PgDurable.Worker.Tests.Typed;

/// <summary>Tags from C#: of a start, of an input, of a step.</summary>
[Collection(WorkerCollection.Name)]
public sealed class TagTests(WorkerFixture fixture) : IAsyncLifetime
{
    private const string Hostile = "it's \\ \"x\" $input.region {x} $(1); -- 🐘";

    private ClientUser _user = null!;

    public async Task InitializeAsync()
    {
        _user = await ClientUser.CreateAsync(fixture.Cluster);
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        await PgDurableRegistration.RegisterAsync(connection, [Tagged.Definition, CallsTagged.Definition]);
    }

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task InputTags_HoweverItIsStarted_AreThere()
    {
        var input = new Tagged.Input(5_000_000_000, Hostile, Tagged.Colour.Green, true, 1.50m);
        const string json = """{"customer_id": 5000000000, "region": null, "colour": "Green", "urgent": true, "weight": null}""";
        string[] full =
        [
            (await Tagged.StartAsync(_user.Client, input)).InstanceId,
            (await _user.Client.StartByNameAsync(Tagged.Definition, input)).InstanceId,
            (await _user.Client.StartManyAsync(Tagged.Definition, [input]))[0].InstanceId,
        ];
        var sparse = await _user.User.ScalarAsync<string>("SELECT df.start_workflow('tagged', $1::jsonb)", json);
        await CallsTagged.StartAsync(_user.Client, new(7));

        foreach (var id in full)
        {
            await _user.User.WaitingAsync(id, "SIGNAL");
            Assert.Equal(
                new()
                {
                    ["customer"] = "5000000000",
                    ["region"] = Hostile,
                    ["colour"] = "Green",
                    ["urgent"] = "true",
                    ["weight"] = "1.50",
                    ["double"] = "10000000000",
                },
                await TagsAsync(id));
        }

        await _user.User.WaitingAsync(sparse, "SIGNAL");
        Assert.Equal(
            new() { ["customer"] = "5000000000", ["colour"] = "Green", ["urgent"] = "true", ["double"] = "10000000000" },
            await TagsAsync(sparse));
        await Poll.UntilAsync("the child is tagged", async () => await FoundAsync("customer:7 region:child double:14") == 1);

        await _user.Client.SignalAsync(sparse, "go");
        await _user.Client.Handle(sparse).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False((await TagsAsync(sparse)).ContainsKey("double"));
    }

    // A bulk finds them by it.
    [Fact]
    public async Task StartOptions_Tags_AreThereWithTheInstance()
    {
        var tags = new Dictionary<string, string> { ["batch"] = "7", ["note"] = Hostile };
        var graph = Df.WaitForSignal("go");
        await using (var connection = await _user.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var inside = await _user.Client.In(transaction).StartAsync(graph, new StartOptions { Tags = tags });
            await using var command = new NpgsqlCommand($"SELECT df.tags_of('{inside.InstanceId}')::text", connection, transaction);
            Assert.Equal(tags, JsonSerializer.Deserialize<Dictionary<string, string>>((string)(await command.ExecuteScalarAsync())!));
            await transaction.RollbackAsync();
        }

        var run = await _user.Client.StartAsync(graph, new StartOptions { Tags = tags, IdempotencyKey = "once" });
        Assert.Equal(tags, await TagsAsync(run.InstanceId));
        var again = await _user.Client.StartAsync(
            graph, new StartOptions { Tags = new Dictionary<string, string> { ["batch"] = "8" }, IdempotencyKey = "once" });
        Assert.Equal((run.InstanceId, "8"), (again.InstanceId, (await TagsAsync(run.InstanceId))["batch"]));
        var named = await _user.Client.StartByNameAsync(
            "tagged", """{"customer_id": 1, "region": null, "colour": "Red", "urgent": true, "weight": null}""",
            options: new() { Tags = tags });
        Assert.Equal("7", (await TagsAsync(named.InstanceId))["batch"]);
        await _user.Client.StartAsync(graph, new StartOptions { Tags = new Dictionary<string, string>() });

        var error = await Assert.ThrowsAsync<PostgresException>(() =>
            _user.Client.StartAsync(graph, new StartOptions { Tags = new Dictionary<string, string> { ["status"] = "x" } }));
        Assert.Equal(PostgresErrorCodes.InvalidParameterValue, error.SqlState);
        Assert.Equal(2, await FoundAsync("batch:7 batch:8"));
    }

    [Fact]
    public async Task StartManyOptions_Tags_AreInTheOrderOfTheInputs()
    {
        var input = new Tagged.Input(1, "many", Tagged.Colour.Red, false, null);
        var inputs = Enumerable.Range(0, 20).Select(i => input with { CustomerId = i }).ToList();
        var given = inputs.Select(each => each.CustomerId == 3 ? null : new Dictionary<string, string> { ["n"] = $"{each.CustomerId}" });
        var runs = await _user.Client.StartManyAsync(Tagged.Definition, inputs, new() { Tags = [.. given] });

        for (var i = 0; i < 20; i++)
        {
            var tags = await TagsAsync(runs[i].InstanceId);
            Assert.Equal(i == 3 ? null : $"{i}", tags.GetValueOrDefault("n"));
        }

        Assert.Equal("12", await _user.User.ScalarAsync<string>(
            "SELECT i.input ->> 'customer_id' FROM df.submissions i WHERE i.id = $1", runs[12].InstanceId));
        await Assert.ThrowsAsync<ArgumentException>(() => _user.Client.StartManyAsync(Tagged.Definition, inputs, new() { Tags = [null] }));
    }

    private async Task<Dictionary<string, string>> TagsAsync(string id) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(await _user.User.ScalarAsync<string>("SELECT df.tags_of($1)::text", id))!;

    private Task<long> FoundAsync(string query) => _user.User.ScalarAsync<long>("SELECT count(*) FROM df.search($1)", query);
}

using Npgsql;

namespace PgDurable.Worker.Tests.Typed;

/// <summary>Typed workflows, from C# to PostgreSQL and back.</summary>
[Collection(WorkerCollection.Name)]
public sealed class TypedTests(WorkerFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private TestUser _user = null!;
    private NpgsqlDataSource _dataSource = null!;
    private DurableClient _client = null!;

    public async Task InitializeAsync()
    {
        _user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_user.Role} LOGIN; ALTER ROLE {_user.Role} SET search_path = {_user.Schema}");
        await _user.ExecuteAsync($"CREATE TABLE {_user.Schema}.log (id int GENERATED ALWAYS AS IDENTITY, word text)");
        _dataSource = NpgsqlDataSource.Create(fixture.Cluster.ConnectionString(user: _user.Role, pooling: true));
        _client = new DurableClient(_dataSource);
    }

    public async Task DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _user.DisposeAsync();
    }

    [Theory]
    [InlineData(5, "abc", null, true, true, 7, Expressions.Colour.Green)]
    [InlineData(3, "it's \\ \"x\" $input.name {x} 🐘", "", false, null, null, Expressions.Colour.Red)]
    [InlineData(-4, "a", "x", true, false, 2, Expressions.Colour.Red)]
    public async Task Expression_OfCSharp_HasTheSameValueInPostgres(
        int count, string name, string? note, bool flag, bool? maybe, int? amount, Expressions.Colour colour)
    {
        var input = new Expressions.Input(
            5_000_000_000, count, 10.25m, 2.5, name, note, flag, maybe, amount, colour, Guid.NewGuid(), new(2026, 3, 29),
            new(2026, 10, 25, 2, 30, 0, TimeSpan.FromHours(1)), TimeSpan.FromMinutes(90.5), new("Zürich", ["first", "second"]), [4, 6]);

        var run = await Expressions.StartAsync(_client, input);

        Assert.Equal(Expressions.Evaluate(input), await run.ResultAsync(Limit));
    }

    [Theory]
    [InlineData(null, "none")]
    [InlineData(1, "none")]
    [InlineData(2, "some")]
    public async Task Condition_BehindAnother_DoesNotFailForWhatIsMissing(int? amount, string expected) =>
        Assert.Equal(expected, await (await ShortCircuit.StartAsync(_client, new(amount))).ResultAsync(Limit));

    [Theory]
    [InlineData("mine", new[] { 5, 6 }, ",5,6")]
    [InlineData(null, null, "")]
    public async Task ListsAndRanges_RunForEachItem_AndTheInstanceKnowsItself(string? label, int[]? extra, string extraWords)
    {
        Lists.Input input = new(
            new([new("it's $x", 2, new(2026, 3, 1), ["a", "b"]), new("b", 1, null, [])]), ["one", "t'wo $input {x}"], extra, 2);
        var before = await _user.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        var run = await _client.StartAsync(Lists.Definition, input, new StartOptions { Label = label });

        var summary = await run.ResultAsync(Limit);

        Assert.Equal((3 + 2 + 0 + 1.5m + 0 + 1, $"one,t'wo $input {{x}}{extraWords},copy 8,copy 9"), (summary.Total, summary.Words));
        Assert.Equal((run.InstanceId, label ?? "lists"), (summary.Id, summary.Label));
        Assert.Equal(
            await _user.ScalarAsync<DateTime>($"SELECT started_at FROM df.instances WHERE id = '{run.InstanceId}'"),
            summary.StartedAt.UtcDateTime);
        Assert.True(summary.StartedAt >= before);
    }

    [Fact]
    public async Task Start_OfAnotherWorkflow_StartsItOnceAndGoesOn()
    {
        await using (var connection = await _dataSource.OpenConnectionAsync())
            await PgDurableRegistration.RegisterAsync(connection, [Started1.Definition]);

        var run = await Starting.StartAsync(_client, new("it's $x {y}", 41));
        var started = await run.ResultAsync(Limit);

        Assert.Equal("for it's $x {y}", started.Label);
        Assert.Equal("it's $x {y}42", await _client.Handle(Started1.Definition, started.Id).ResultAsync(Limit));
        Assert.Equal(2L, await _user.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE label LIKE 'for %' OR label = 'started'"));
    }

    [Fact]
    public async Task Constructs_RunTogether()
    {
        await using (var connection = await _dataSource.OpenConnectionAsync())
            await PgDurableRegistration.RegisterAsync(connection, [Child.Definition]);
        var run = await Constructs.StartAsync(_client, new("it's $x {y}", 3, [5, 6, 7]));
        await Constructs.SignalDecideAsync(_client, run.InstanceId, new(Approved: true, By: "jane \"$x\"", Limit: 10.75m));

        Assert.Equal(
            new Constructs.Summary(
                3, 36, "it's $x {y} 3", "approved by jane \"$x\"", "S0001: no stock for it's $x {y}, 36!", "quick", "left3", "none"),
            await run.ResultAsync(Limit));
        Assert.Equal(
            "item item item kept last round round round undone",
            await _user.ScalarAsync<string>($"SELECT string_agg(word, ' ' ORDER BY word) FROM {_user.Schema}.log"));
    }

    [Fact]
    public async Task Result_OfAForEach_IsAList()
    {
        var run = await Doubling.StartAsync(_client, new(3));

        Assert.Equal([new(1, 2), new(2, 4), new(3, 6)], await run.ResultAsync(Limit));
        Assert.Empty(await (await Doubling.StartAsync(_client, new(0))).ResultAsync(Limit));
    }

    [Fact]
    public async Task Result_OfAnotherWorkflow_IsItsOwn()
    {
        await using (var connection = await _dataSource.OpenConnectionAsync())
            await PgDurableRegistration.RegisterAsync(connection, [Child.Definition]);

        Assert.Equal(new Child.Output("x 2"), await (await Relay.StartAsync(_client, new("x"))).ResultAsync(Limit));
    }

    [Fact]
    public async Task Failure_NamesTheLineOfCSharp()
    {
        await fixture.Cluster.ExecuteAsync($"DROP TABLE {_user.Schema}.log");
        var run = await Constructs.StartAsync(_client, new("x", 1, []));

        var error = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.ResultAsync(Limit));

        Assert.Equal("42P01", error.SqlState);
        Assert.Matches(
            @"^Typed/Constructs\.cs:\d+$", await _user.ScalarAsync<string>("SELECT df.error($1)::json ->> 'source'", run.InstanceId));
    }
}

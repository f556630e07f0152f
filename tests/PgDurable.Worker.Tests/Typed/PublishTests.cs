using Npgsql;
using PgDurable.Worker.Tests.Client;

namespace PgDurable.Worker.Tests.Typed;

/// <summary>What an instance publishes about itself, from its steps to the client.</summary>
[Collection(WorkerCollection.Name)]
public sealed class PublishTests(WorkerFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private ClientUser _user = null!;

    public async Task InitializeAsync() => _user = await ClientUser.CreateAsync(fixture.Cluster);

    public async Task DisposeAsync() => await _user.DisposeAsync();

    [Fact]
    public async Task State_BeforeWhileAndAfter_IsTheLatest()
    {
        var input = new Publishing.Input(
            5_000_000_000, -3, 10.25m, 2.5, "it's \\ \"x\" $input.name {x} 🐘", null, false, null, Publishing.Colour.Green,
            Publishing.Stage.Packed, Guid.NewGuid(), new(2026, 3, 29), new(2026, 10, 25, 2, 30, 0, TimeSpan.FromHours(1)),
            TimeSpan.FromMinutes(90.5), new("a-1", 1.50m), [4, 6]);
        var run = await Publishing.StartAsync(_user.Client, input);
        await _user.User.WaitingAsync(run.InstanceId, "SIGNAL");
        Assert.Null(await run.StateAsync<Publishing.Input>());
        Assert.Null(await run.StateJsonAsync());

        await run.SignalAsync("first");
        await Poll.UntilAsync("it has published", async () => await run.StateJsonAsync() is not null);
        AssertEqual(
            input with { Id = input.Id + 1, Price = 20.5m, Flag = true, Part = new("a-1", 0.5m) },
            await run.StateAsync<Publishing.Input>());

        await run.SignalAsync("second");
        await run.WaitAsync(Limit);
        var later = _user.Client.Handle(Publishing.Definition, run.InstanceId);
        AssertEqual(input, await later.StateAsync<Publishing.Input>());
    }

    [Fact]
    public async Task State_OfAScalar_IsTheNumberOrNull()
    {
        var run = await Counting.StartAsync(_user.Client, new(3));
        await _user.User.WaitingAsync(run.InstanceId, "SIGNAL");
        Assert.Equal(3, await run.StateAsync<int?>());
        Assert.Equal(3, await run.StateAsync<int>());
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => run.StateAsync<string>());
        Assert.Contains("'counting' publishes System.Int32, not System.String", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _user.Client.Handle(run.InstanceId).StateAsync<int?>());
        Assert.Contains("Handle(definition, id)", error.Message, StringComparison.Ordinal);

        await run.SignalAsync("go");
        Assert.Equal(3, await run.ResultAsync(Limit));
        Assert.Null(await run.StateAsync<int?>());
        Assert.Equal("null", await run.StateJsonAsync());
    }

    // A draft that is replaced: those that started before keep what they publish.
    [Fact]
    public async Task State_OfManyStartedBeforeAndAfterAReplacement_IsThatOfTheirGraph()
    {
        await using var connection = await _user.DataSource.OpenConnectionAsync();
        await PgDurableRegistration.RegisterAsync(connection, [Counting.Definition], Overwrite.Unreleased);
        var before = await _user.Client.StartManyAsync(Counting.Definition, new Counting.Input[] { new(2), new(3) });
        var changed = Df.Sql("SELECT df.publish($sys_instance_id, to_jsonb(-$input.times::integer))").Then(Df.WaitForSignal("go"));
        await _user.User.ExecuteAsync("SELECT df.register_workflow('counting', $1, 1, replace => true)", changed.ToJson());
        var after = await _user.Client.StartManyAsync(Counting.Definition, new Counting.Input[] { new(4) });
        foreach (var run in before.Concat(after))
            await _user.User.WaitingAsync(run.InstanceId, "SIGNAL");

        var states = await Task.WhenAll(before.Concat(after).Select(run => run.StateAsync<int>()));
        Assert.Equal([2, 3, -4], states);
    }

    [Fact]
    public async Task State_OfAnUnknownInstance_Throws() =>
        await Assert.ThrowsAsync<WorkflowNotFoundException>(() => _user.Client.StateJsonAsync("00000000"));

    // What somebody else published, or an older version of the workflow.
    [Fact]
    public async Task State_ThatDoesNotFit_NamesWhatIsWrong()
    {
        var run = await Counting.StartAsync(_user.Client, new(1));
        await _user.User.WaitingAsync(run.InstanceId, "SIGNAL");
        await _user.User.ExecuteAsync("SELECT df.publish($1, '\"x\"')", run.InstanceId);

        var error = await Assert.ThrowsAsync<WorkflowResultException>(() => run.StateAsync<int?>());

        Assert.Contains("The state of workflow 'counting'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_InAGraphOfSql_CommitsWithItsStep()
    {
        var user = _user.User;
        var id = await user.StartGraphAsync(
            """
            df.sql('SELECT df.publish(''$sys_instance_id'', ''{"n": 1}'')')
              ~> df.try('SELECT df.publish($sys_instance_id, ''2''), 1 / 0', 'SELECT 1')
              ~> 'SELECT df.state($sys_instance_id) -> ''n'' AS n'
            """);

        Assert.Equal(1, (await user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("n").GetInt32());
    }

    // A role that runs steps of its own, and knows the id.
    [Fact]
    public async Task Publish_ForAnInstanceOfAnotherRole_IsRefused()
    {
        var run = await Counting.StartAsync(_user.Client, new(1));
        await _user.User.WaitingAsync(run.InstanceId, "SIGNAL");
        await using var other = await ClientUser.CreateAsync(fixture.Cluster);

        (string Status, string Error) failed = await FailAsync(other, $"SELECT df.publish('{run.InstanceId}', '7')");
        Assert.Equal(("failed", "DF002"), failed);
        failed = await FailAsync(
            other,
            $"INSERT INTO df.published_state (instance_no, value) SELECT i, '7' FROM generate_series(1, 1000) i "
                + "ON CONFLICT (instance_no) DO UPDATE SET value = EXCLUDED.value");
        Assert.Equal(("failed", PostgresErrorCodes.InsufficientPrivilege), failed);
        await other.User.RunGraphToEndAsync("df.sql('UPDATE df.published_state SET value = ''7''')");
        Assert.Equal(
            0, (await other.User.RunGraphAsync($"'SELECT count(df.state(''{run.InstanceId}'')) AS n'")).GetProperty("n").GetInt32());
        await Assert.ThrowsAsync<WorkflowNotFoundException>(() => other.Client.StateJsonAsync(run.InstanceId));
        Assert.Equal(1, await run.StateAsync<int?>());

        // Membership isn't enough.
        await fixture.Cluster.ExecuteAsync($"GRANT {_user.User.Role} TO {other.User.Role}");
        await Assert.ThrowsAsync<WorkflowNotFoundException>(() => other.Client.StateJsonAsync(run.InstanceId));
    }

    [Fact]
    public async Task Publish_TooLarge_FailsTheStep()
    {
        (string Status, string Error) failed = await FailAsync(
            _user, "SELECT df.publish($sys_instance_id, to_jsonb(repeat('x', 16777217)))");

        Assert.Equal(("failed", PostgresErrorCodes.ProgramLimitExceeded), failed);
    }

    private static async Task<(string Status, string Error)> FailAsync(ClientUser user, string sql)
    {
        var id = await user.User.StartAsync(sql);
        return (await user.User.EndAsync(id), await user.User.ScalarAsync<string>("SELECT df.error($1)::json ->> 'sqlstate'", id));
    }

    private static void AssertEqual(Publishing.Input expected, Publishing.Input? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Numbers, actual.Numbers);
        Assert.Equal(expected with { Numbers = actual.Numbers }, actual);
    }
}

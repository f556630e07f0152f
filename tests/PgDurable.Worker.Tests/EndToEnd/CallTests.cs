namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.call: a registered workflow as a step.</summary>
[Collection(WorkerCollection.Name)]
public sealed class CallTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Call_ChildCompletes_ItsResultIsTheSteps()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('double', df.sql('SELECT 2 * $input.n AS twice'))");
        var id = await user.StartGraphAsync(
            "('SELECT 21 AS n' |=> 'x') ~> (df.call('double', '{\"n\":\"$x.n\"}') |=> 'y') ~> 'SELECT $y.twice AS answer'");

        Assert.Equal(42, (await user.ResultAsync(id)).GetProperty("rows")[0].GetProperty("answer").GetInt32());
        Assert.Equal(2L, await user.ScalarAsync<long>("SELECT count(*) FROM df.list_instances()"));
    }

    [Fact]
    public async Task Call_ChildFails_ItsErrorIsPassedUp()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('broken', df.as(df.sql('SELECT 1/0'), 'division'))");
        var error = await user.ErrorAsync(await user.StartGraphAsync("df.call('broken')"));

        Assert.Equal("22012", error.GetProperty("sqlstate").GetString());
        Assert.Contains("division by zero", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OfItselfWithoutEnd_FailsAtTheLimitWithAMessageThatStaysShort()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('endless', df.call('endless'))");
        var id = await user.StartGraphAsync("df.call('endless')");
        var error = await user.ErrorAsync(id);

        Assert.Equal("DF020", error.GetProperty("sqlstate").GetString());
        Assert.Matches(
            "^child workflow [0-9a-f]{8} failed: limit exceeded: workflows call each other more than 32 levels deep",
            error.GetProperty("message").GetString());
        Assert.Contains("calls itself endlessly", error.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal(1L + 32, await user.ScalarAsync<long>("SELECT count(*) FROM df.instances"));
    }

    [Fact]
    public async Task Call_ChildFails_HandlerOfTheParentSeesIt()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('failing', df.fail('no stock', 'S0001'))");
        var row = await user.RunGraphAsync("df.try(df.call('failing'), 'SELECT $error.message AS m, $error.sqlstate AS s')");

        Assert.EndsWith("failed: no stock", row.GetProperty("m").GetString(), StringComparison.Ordinal);
        Assert.Equal("S0001", row.GetProperty("s").GetString());
    }

    [Fact]
    public async Task Call_ParentCancelled_ChildIsToo()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('sleeper', df.sleep(3600))");
        var id = await user.StartGraphAsync("df.call('sleeper')");
        await user.WaitingAsync(id, "CALL");
        var child = await user.ScalarAsync<string>("SELECT instance_id FROM df.list_instances() WHERE instance_id <> $1", id);
        await user.WaitingAsync(child, "SLEEP");
        await user.ExecuteAsync("SELECT df.cancel($1)", id);

        Assert.Equal("cancelled", await user.EndAsync(child));
    }

    [Fact]
    public async Task Call_LosesARace_IsCancelled()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('slow', df.sleep(3600))");
        var id = await user.StartGraphAsync("df.race(df.call('slow'), df.sleep(1) ~> 'SELECT 1')");
        await user.ResultAsync(id);
        var child = await user.ScalarAsync<string>("SELECT instance_id FROM df.list_instances() WHERE instance_id <> $1", id);

        Assert.Equal("cancelled", await user.EndAsync(child));
    }

    [Fact]
    public async Task Call_UnknownWorkflow_FailsAndNamesIt()
    {
        await using var user = await fixture.UserAsync();
        var error = await user.ErrorAsync(await user.StartGraphAsync("df.call('nowhere')"));

        Assert.Contains("nowhere", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OlderVersion_RunsThatOne()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            "SELECT df.register_workflow('v', df.sql('SELECT 1 AS v')), df.register_workflow('v', df.sql('SELECT 2 AS v'))");

        Assert.Equal(1, (await user.RunGraphAsync("df.call('v', version => 1)")).GetProperty("v").GetInt32());
        Assert.Equal(2, (await user.RunGraphAsync("df.call('v')")).GetProperty("v").GetInt32());
    }

    [Fact]
    public async Task Call_ThreeLevelsInALoop_EachIterationHasItsOwn()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (n int)");
        await user.ExecuteAsync($"SELECT df.register_workflow('leaf', df.sql('INSERT INTO {user.Schema}.t VALUES ($input.n)'))");
        await user.ExecuteAsync("SELECT df.register_workflow('middle', df.call('leaf', '{\"n\":\"$input.n\"}'))");
        await user.RunGraphToEndAsync(
            """
            ('SELECT 3 AS n' |=> 'i')
            ~> df.loop(df.call('middle', '{"n":"$i.n"}') ~> ('SELECT $i.n - 1 AS n' |=> 'i'), 'SELECT $i.n > 0')
            """);

        Assert.Equal(
            "1 2 3", await fixture.Cluster.ScalarAsync<string>($"SELECT string_agg(n::text, ' ' ORDER BY n) FROM {user.Schema}.t"));
    }
}

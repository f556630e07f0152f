namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.pause, df.resume and df.retry_instance.</summary>
[Collection(WorkerCollection.Name)]
public sealed class OperateTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Pause_InTheMiddle_HoldsTheNextStepUntilResumed()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var id = await user.StartGraphAsync($"df.pace(df.loop('INSERT INTO {user.Schema}.t VALUES (1)'), 0)");
        await Poll.UntilAsync("it runs", async () => await user.CountAsync("t") > 2);
        await user.ExecuteAsync("SELECT df.pause($1)", id);
        await user.WaitingAsync(id, "PAUSED");
        var before = await user.CountAsync("t");
        await user.RunAsync("SELECT 1 AS other"); // time for a step that must not be
        Assert.Equal(before, await user.CountAsync("t"));
        await user.ExecuteAsync("SELECT df.resume($1)", id);

        await Poll.UntilAsync("it goes on", async () => await user.CountAsync("t") > before);
        await user.ExecuteAsync("SELECT df.cancel($1)", id);
    }

    [Fact]
    public async Task Pause_WhileAsleep_DoesNotWakeUntilResumed()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartGraphAsync("df.sleep(1) ~> 'SELECT 1'");
        await user.ExecuteAsync("SELECT df.pause($1)", id);
        await user.WaitingAsync(id, "PAUSED");
        await user.ResultAsync(await user.StartGraphAsync("df.sleep(2)"));
        Assert.Equal("running", await user.ScalarAsync<string>("SELECT df.status($1)", id));
        await user.ExecuteAsync("SELECT df.resume($1)", id);

        await user.ResultAsync(id);
    }

    [Fact]
    public async Task Retry_OfAFailedInstance_GoesOnAtTheFailedStep()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.done (a int)");
        var id = await user.StartAsync(Graphs.Sequence(
            $"INSERT INTO {user.Schema}.done VALUES (1)", $"INSERT INTO {user.Schema}.later VALUES (2)",
            $"INSERT INTO {user.Schema}.done VALUES (3)"));
        Assert.Equal("42P01", (await user.ErrorAsync(id)).GetProperty("sqlstate").GetString());
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.later (a int)");
        await user.ExecuteAsync("SELECT df.retry_instance($1)", id);
        await user.ResultAsync(id);

        Assert.Equal((2L, 1L), (await user.CountAsync("done"), await user.CountAsync("later")));
    }

    [Fact]
    public async Task Retry_AfterATimeOut_GivesTheStepItsTimeAgain()
    {
        await using var user = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var id = await user.StartGraphAsync($"df.timeout('SELECT {gate.Pass}', 1)");
        Assert.Equal("DF005", (await user.ErrorAsync(id)).GetProperty("sqlstate").GetString());
        await gate.OpenAsync();
        await user.ExecuteAsync("SELECT df.retry_instance($1)", id);

        await user.ResultAsync(id);
    }

    [Fact]
    public async Task Retry_OneBranchOfAJoin_KeepsTheOthers()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var id = await user.StartGraphAsync(
            $"'INSERT INTO {user.Schema}.t VALUES (1)' ~> df.join('INSERT INTO {user.Schema}.t VALUES (2)', "
                + $"df.sleep(1) ~> 'INSERT INTO {user.Schema}.u VALUES (3)')");
        await user.ErrorAsync(id);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.u (a int)");
        await user.ExecuteAsync("SELECT df.retry_instance($1)", id);
        await user.ResultAsync(id);

        Assert.Equal((2L, 1L), (await user.CountAsync("t"), await user.CountAsync("u")));
    }

    [Fact]
    public async Task Retry_FailsAgain_CanBeRetriedAgain()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartAsync($"SELECT * FROM {user.Schema}.t");
        await user.ErrorAsync(id);
        await user.ExecuteAsync("SELECT df.retry_instance($1)", id);
        await user.ErrorAsync(id);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        await user.ExecuteAsync("SELECT df.retry_instance($1)", id);

        await user.ResultAsync(id);
    }
}

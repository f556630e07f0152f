namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>df.retry, df.timeout, df.try, df.fail and df.with_undo against a real server.</summary>
[Collection(WorkerCollection.Name)]
public sealed class ErrorHandlingTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Retry_ThirdAttemptSucceeds_EffectIsThereOnce()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE SEQUENCE {user.Schema}.s; CREATE TABLE {user.Schema}.t (a int)");
        await user.RunGraphToEndAsync(
            $"df.retry('INSERT INTO {user.Schema}.t SELECT 1 / (nextval(''{user.Schema}.s'') / 3)::int', 5, 0.01, "
                + "retry_on => ARRAY['22012'])");

        Assert.Equal(1L, await user.CountAsync("t"));
        Assert.Equal(3L, await fixture.Cluster.ScalarAsync<long>($"SELECT last_value FROM {user.Schema}.s"));
    }

    [Fact]
    public async Task Retry_OtherError_IsNotTriedAgain()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE SEQUENCE {user.Schema}.s");
        var error = await user.ErrorAsync(await user.StartGraphAsync(
            $"df.retry('SELECT 1 / (nextval(''{user.Schema}.s'') - nextval(''{user.Schema}.s'') + 1)', 5, 0.01)"));

        Assert.Equal("22012", error.GetProperty("sqlstate").GetString());
        Assert.Equal(2L, await fixture.Cluster.ScalarAsync<long>($"SELECT last_value FROM {user.Schema}.s"));
    }

    [Fact]
    public async Task Timeout_RunningStatement_IsCancelledAndRolledBack()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        var error = await user.ErrorAsync(await user.StartGraphAsync(
            $"df.timeout('WITH i AS (INSERT INTO {user.Schema}.t VALUES (1)) SELECT pg_sleep(600)', 0.2)"));

        Assert.Equal("DF005", error.GetProperty("sqlstate").GetString());
        Assert.Contains("0.2 s", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        await Poll.UntilAsync("the statement is stopped", async () =>
            await fixture.Cluster.SessionsAsync($"query LIKE '%{user.Schema}%' AND state <> 'idle'") == 0);
        Assert.Equal(0L, await user.CountAsync("t"));
    }

    [Fact]
    public async Task Try_HandlerReadsTheError_FinallyRunsInBothCases()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a text)");
        await user.RunGraphToEndAsync(
            $"""
             df.try('INSERT INTO {user.Schema}.t VALUES (''body'')', 'SELECT 1', 'INSERT INTO {user.Schema}.t VALUES (''finally 1'')')
             ~> df.try('SELECT 1/0', 'INSERT INTO {user.Schema}.t VALUES ($error.message || '' '' || $error.sqlstate)',
                       'INSERT INTO {user.Schema}.t VALUES (''finally 2'')')
             """);

        Assert.Equal("body|finally 1|division by zero 22012|finally 2", await fixture.Cluster.ScalarAsync<string>(
            $"SELECT string_agg(a, '|') FROM {user.Schema}.t"));
    }

    [Fact]
    public async Task WithUndo_LaterStepFails_UndosRunInReverseAndOneThatFailsStopsNone()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (n int GENERATED ALWAYS AS IDENTITY, a text)");
        var error = await user.ErrorAsync(await user.StartGraphAsync(
            $"""
             (('INSERT INTO {user.Schema}.t (a) VALUES (''one'') RETURNING n' |=> 'one')
               <-> 'INSERT INTO {user.Schema}.t (a) VALUES (''undo '' || $one.n)')
             ~> ('SELECT 2' <-> 'SELECT 1/0')
             ~> ('INSERT INTO {user.Schema}.t (a) VALUES (''three'')' <-> 'INSERT INTO {user.Schema}.t (a) VALUES (''undo three'')')
             ~> df.fail('payment refused', 'PAY01')
             """));

        Assert.Equal("PAY01", error.GetProperty("sqlstate").GetString());
        Assert.Equal("one|three|undo three|undo 1", await fixture.Cluster.ScalarAsync<string>(
            $"SELECT string_agg(a, '|' ORDER BY n) FROM {user.Schema}.t"));
    }

    [Fact]
    public async Task Foreach_TwoAtATime_NeverRunsThree()
    {
        await using var user = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var id = await user.StartGraphAsync(
            $"('SELECT generate_series(1, 6) AS i' |=> 'r') ~> df.foreach('r', 'SELECT $item.i AS i, {gate.Pass}', max_parallel => 2)");
        await gate.WaitedForAsync(2);
        await user.RunAsync("SELECT 1 AS other"); // a whole instance's time for a third one to appear
        Assert.Equal(2L, await gate.WaitingAsync());
        await gate.OpenAsync();
        var result = await user.ResultAsync(id);

        Assert.Equal([1, 2, 3, 4, 5, 6], result.EnumerateArray().Select(item => item.GetProperty("rows")[0].GetProperty("i").GetInt32()));
    }

    [Fact]
    public async Task Race_LoserIsAStatement_IsStoppedAndRolledBack()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.t (a int)");
        await user.RunGraphToEndAsync($"df.race('WITH i AS (INSERT INTO {user.Schema}.t VALUES (1)) SELECT pg_sleep(600)', "
            + $"df.sleep(1) ~> 'INSERT INTO {user.Schema}.t VALUES (2)')");

        await Poll.UntilAsync("the loser is stopped", async () =>
            await fixture.Cluster.SessionsAsync($"query LIKE '%{user.Schema}%' AND state <> 'idle'") == 0);
        Assert.Equal(2, await fixture.Cluster.ScalarAsync<int>($"SELECT sum(a)::int FROM {user.Schema}.t"));
    }
}

namespace PgDurable.Worker.Tests.Operations;

/// <summary>What df.why says of sessions: the other answers are tested in SQL.</summary>
[Collection(WorkerCollection.Name)]
public sealed class WhyTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Why_StepThatWaitsForALock_NamesItsSessionAndWhoBlocksIt()
    {
        await using var user = await fixture.UserAsync();
        await using var gate = await Gate.CloseAsync(fixture.Cluster);
        var id = await user.StartAsync($"SELECT {gate.Pass}, '50%_{user.Schema}', $input.n", input: """{"n": 5}""");
        await gate.WaitedForAsync();
        var waiting = await fixture.Cluster.ScalarAsync<int>("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = "
            + $"{gate.Key} AND NOT granted");
        var blocking = await fixture.Cluster.ScalarAsync<int>($"SELECT (pg_blocking_pids({waiting}))[1]");

        // The role may not read the worker's sessions.
        var own = await user.ScalarAsync<string>("SELECT df.why($1)", id);
        Assert.Contains("It runs statement \"SELECT pg_advisory", own, StringComparison.Ordinal);
        Assert.DoesNotContain("process", own, StringComparison.Ordinal);

        var all = await fixture.Cluster.ScalarAsync<string>($"SELECT df.why('{id}')");
        Assert.Contains($"in process {waiting}, blocked by process {blocking} (role ", all, StringComparison.Ordinal);
        Assert.Contains("SELECT pg_advisory_lock(", all, StringComparison.Ordinal);

        await gate.OpenAsync();
        await user.ResultAsync(id);
        Assert.StartsWith("It completed ", await user.ScalarAsync<string>("SELECT df.why($1)", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_AttemptThatFailed_SaysWhichIsNextAndWhy()
    {
        await using var user = await fixture.UserAsync();
        var id = await user.StartGraphAsync("df.retry(df.sql('SELECT 1/0') |=> 'divide', 3, 3600, 1, 3600, ARRAY['22'])");
        await user.WaitingAsync(id, "RETRY");

        var why = await user.ScalarAsync<string>("SELECT df.why($1)", id);

        Assert.StartsWith("It begins attempt 2 of 3 at ", why, StringComparison.Ordinal);
        Assert.EndsWith("because step \"divide\" failed: division by zero (22012)", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_ParentOfAChildThatWaits_SaysWhatTheChildWaitsFor()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("SELECT df.register_workflow('inner', df.wait_for_signal('paid'))");
        var id = await user.StartGraphAsync("df.call('inner')");
        await user.WaitingAsync(id, "CALL");
        var child = await user.ScalarAsync<string>("SELECT id::text FROM df.instances WHERE workflow = 'inner'");
        await user.WaitingAsync(child, "SIGNAL");

        Assert.Equal(
            $"It waits for instance {child} of workflow \"inner\".\n    {child}: It waits for signal \"paid\".",
            await user.ScalarAsync<string>("SELECT df.why($1)", id));
    }
}

namespace PgDurable.Extension.Tests.Store;

/// <summary>What happened outside of SQL steps is recorded for each instance completely or not at all.</summary>
[Collection(StoreCollection.Name)]
public sealed class RecordTests(StoreFixture fixture) : IAsyncLifetime
{
    TestSession _user = null!;
    TestWorker _worker = null!;

    public async Task InitializeAsync()
    {
        await fixture.EmptyAsync();
        _user = await fixture.UserAsync();
        _worker = await fixture.WorkerAsync();
    }

    public async Task DisposeAsync()
    {
        await _user.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task Record_Checkpoint_IsReadBackAsItWas()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await _worker.RecordAsync(
            TestWorker.Record(instance, 3, "2:1/7:0", 1, """{"a": [1,2.50]}"""), TestWorker.Record(instance, 1, "", 0, "null"),
            TestWorker.Record(instance, 4, "", 2, "null", """{"message":"no"}""")));

        Assert.Equal(
            ["1||0|null|", """3|2:1/7:0|1|{"a": [1,2.50]}|""", """4||2||{"message":"no"}"""],
            await _worker.ColumnAsync<string>(
                """
                SELECT concat_ws('|', node, path, seq, COALESCE(result, ''), COALESCE(error, '')) FROM df._worker_checkpoints(ARRAY[$1])
                 WHERE started_at = '2026-01-02 03:04:05Z' AND finished_at = '2026-01-02 03:04:06Z' AND attempt = 1
                """, instance));
    }

    [Fact]
    public async Task Record_AlreadyRecorded_WritesNothingOfThatInstanceAndAllOfTheOthers()
    {
        long[] instances = [await _user.StartAsync(), await _user.StartAsync(), await _user.StartAsync()];
        await _worker.ClaimAsync();
        await _user.SignalAsync(instances[1], "go");
        var signal = await _worker.ScalarAsync<long>("SELECT signal_no FROM df.signals");
        Assert.Empty(await _worker.RecordAsync(TestWorker.Record(instances[1], 2)));

        Assert.Equal([instances[1]], await _worker.RecordAsync(
            TestWorker.Record(instances[0], 1),
            TestWorker.Record(instances[1], 1, more: $",\"take_signals\":[{signal}]"),
            TestWorker.Record(instances[1], 2, more: ""","outcome":{"status":"completed","result":1}"""),
            TestWorker.Record(instances[2], 1)));
        Assert.Equal([instances[0], instances[1], instances[2]],
            await _worker.ColumnAsync<long>("SELECT instance_no FROM df.checkpoints ORDER BY 1"));
        Assert.Equal(1, await _worker.CountAsync("signals"));
        Assert.Equal(0, await _worker.CountAsync("outcomes"));
    }

    [Fact]
    public async Task Record_NotInHandOrLocked_WritesNothingAndWaitsForNobody()
    {
        long[] instances = [await _user.StartAsync(), await _user.StartAsync()];
        await _worker.ClaimAsync();
        await using var other = await fixture.WorkerAsync();
        Assert.Equal([instances[0]], await other.RecordAsync(TestWorker.Record(instances[0], 1)));

        await _user.ExecuteAsync("BEGIN");
        await _user.ExecuteAsync("SELECT df.cancel($1)", await _user.IdAsync(instances[0]));
        Assert.Equal([instances[0]], await _worker.RecordAsync(TestWorker.Record(instances[0], 1), TestWorker.Record(instances[1], 1)));
        await _user.ExecuteAsync("COMMIT");
        Assert.Equal([instances[1]], await _worker.ColumnAsync<long>("SELECT instance_no FROM df.checkpoints"));
    }

    [Fact]
    public async Task Record_Carry_ForgetsTheIterationAndTheOldOne()
    {
        var instance = await ClaimedAsync();
        await _worker.RecordAsync(
            TestWorker.Record(instance, 3, "3:1", 0), // carried over ten iterations ago
            TestWorker.Record(instance, 4, "3:11", 1), TestWorker.Record(instance, 5, "3:11/5:1", 2),
            TestWorker.Record(instance, 4, "3:1", 3), TestWorker.Record(instance, 4, "3:111", 4), TestWorker.Record(instance, 9, "3:11", 5));

        Assert.Empty(await _worker.RecordAsync(TestWorker.Record(
            instance, 3, "3:11", 6, more: ""","carry":[{"first":4,"last":8,"path":"3:11","loop":3,"drop":"3:1"}]""")));
        Assert.Equal(["4 3:1", "4 3:111", "9 3:11", "3 3:11"], await _worker.ColumnAsync<string>("SELECT node || ' ' || path FROM df.checkpoints ORDER BY seq"));
    }

    [Fact]
    public async Task Record_CarryOfWhatTheSameCallRecorded_LeavesTheCarriedStateOnly()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await _worker.RecordAsync(
            TestWorker.Record(instance, 1, "0:1", 0),
            TestWorker.Record(instance, 0, "0:1", 1, more: ""","carry":[{"first":1,"last":1,"path":"0:1","loop":0,"drop":null}]""")));
        Assert.Equal(["0 0:1"], await _worker.ColumnAsync<string>("SELECT node || ' ' || path FROM df.checkpoints"));
    }

    [Fact]
    public async Task Record_Outcome_OfACheckpoint()
    {
        var instance = await ClaimedAsync();
        await _user.SignalAsync(instance, "never taken");
        await _worker.EndAsync(instance);
        Assert.Equal("completed", await _user.StatusAsync(instance));
        Assert.Equal("42", await ResultAsync(instance));
        Assert.Null(await _worker.ScalarAsync<string>("SELECT result::text FROM df.outcomes WHERE started_at IS NOT NULL"));
        Assert.Equal(0, await _worker.CountAsync("queue"));
        Assert.Equal(0, await _worker.CountAsync("signals"));
    }

    [Theory]
    [InlineData("[1,2]", "[1, 2]")]
    [InlineData("null", "null")]
    public async Task Record_Outcome_OfItsOwn(string result, string read)
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await _worker.RecordAsync(
            $$"""{"instance":{{instance}},"outcome":{"status":"completed","result":{{result}},"node":null,"path":"","error":null} }"""));
        Assert.Equal(read, await ResultAsync(instance));
    }

    [Fact]
    public async Task Record_Outcome_Failed()
    {
        var instance = await ClaimedAsync();
        await _worker.EndAsync(instance, "failed");
        Assert.Equal("failed", await _user.StatusAsync(instance));
        Assert.Null(await ResultAsync(instance));
        Assert.Equal("""{"message":"no"}""", await _worker.ScalarAsync<string>("SELECT error::text FROM df.outcomes WHERE result IS NULL"));
    }

    async Task<string?> ResultAsync(long instance) => await _user.ScalarAsync<string>("SELECT df.result($1)", await _user.IdAsync(instance));

    async Task<long> ClaimedAsync()
    {
        var instance = await _user.StartAsync();
        await _worker.ClaimOneAsync();
        return instance;
    }
}

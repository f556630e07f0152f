namespace PgDurable.Extension.Tests.Store;

/// <summary>What happens outside of SQL steps is recorded completely for each instance, or not at all.</summary>
public sealed class RecordTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task Record_Checkpoint_IsReadBackAsItWas()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await Worker.RecordAsync(
            TestWorker.Record(instance, 3, "2:1/7:0", 1, """{"a": [1,2.50]}"""), TestWorker.Record(instance, 1, "", 0, "null"),
            TestWorker.Record(instance, 4, "", 2, "null", """{"message":"no"}""")));

        Assert.Equal(
            ["1||0|null|", """3|2:1/7:0|1|{"a": [1,2.50]}|""", """4||2||{"message":"no"}"""],
            await Worker.ColumnAsync<string>(
                """
                SELECT concat_ws('|', node, path, seq, COALESCE(result, ''), COALESCE(error, '')) FROM df._worker_checkpoints(ARRAY[$1])
                 WHERE started_at = '2026-01-02 03:04:05Z' AND finished_at = '2026-01-02 03:04:06Z' AND attempt = 1
                """, instance));
    }

    // PostgreSQL can't process JSON with this escape.
    [Fact]
    public async Task Record_ValuesAsText_MayHoldAnything()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await Worker.RecordAsync(
            TestWorker.Record(instance, 1).Replace("\"result\":1",
                """ "result_text":"{\"a\":\"\\u0000\"}","columns_text":"[[\"\\u0001\",null]]" """, StringComparison.Ordinal),
            $$"""{"instance":{{instance}},"outcome":{"status":"failed","error_text":"{\"message\":\"\\ud800\"}"} }"""));
        Assert.Equal("""{"a":"\u0000"} [["\u0001",null]]""", await Worker.ScalarAsync<string>(
            "SELECT concat_ws(' ', result, columns) FROM df.checkpoints"));
        Assert.Equal("""{"message":"\ud800"}""", await Worker.ScalarAsync<string>("SELECT error::text FROM df.outcomes"));
    }

    [Fact]
    public async Task Record_AlreadyRecorded_WritesNothingOfThatInstanceAndAllOfTheOthers()
    {
        long[] instances = [await User.StartAsync(), await User.StartAsync(), await User.StartAsync()];
        await Worker.ClaimAsync();
        await User.SignalAsync(instances[1], "go");
        var signal = await Worker.ScalarAsync<long>("SELECT signal_no FROM df.signals");
        Assert.Empty(await Worker.RecordAsync(TestWorker.Record(instances[1], 2)));

        Assert.Equal([instances[1]], await Worker.RecordAsync(
            TestWorker.Record(instances[0], 1),
            TestWorker.Record(instances[1], 1, more: $",\"take_signals\":[{signal}]"),
            TestWorker.Record(instances[1], 2, more: ""","outcome":{"status":"completed","result":1}"""),
            TestWorker.Record(instances[2], 1)));
        Assert.Equal([instances[0], instances[1], instances[2]],
            await Worker.ColumnAsync<long>("SELECT instance_no FROM df.checkpoints ORDER BY 1"));
        Assert.Equal(1, await Worker.CountAsync("signals"));
        Assert.Equal(0, await Worker.CountAsync("outcomes"));
    }

    [Fact]
    public async Task Record_NotInHandOrLocked_WritesNothingAndWaitsForNobody()
    {
        long[] instances = [await User.StartAsync(), await User.StartAsync()];
        await Worker.ClaimAsync();
        await using var other = await Fixture.WorkerAsync();
        Assert.Equal([instances[0]], await other.RecordAsync(TestWorker.Record(instances[0], 1)));

        await User.ExecuteAsync("BEGIN");
        await User.ExecuteAsync("SELECT df.cancel($1)", await User.IdAsync(instances[0]));
        Assert.Equal([instances[0]], await Worker.RecordAsync(TestWorker.Record(instances[0], 1), TestWorker.Record(instances[1], 1)));
        await User.ExecuteAsync("COMMIT");
        Assert.Equal([instances[1]], await Worker.ColumnAsync<long>("SELECT instance_no FROM df.checkpoints"));
    }

    [Fact]
    public async Task Record_Carry_ForgetsTheIterationAndTheOldOne()
    {
        var instance = await ClaimedAsync();
        await Worker.RecordAsync(
            TestWorker.Record(instance, 3, "3:1", 0), // carried over ten iterations ago
            TestWorker.Record(instance, 4, "3:11", 1), TestWorker.Record(instance, 5, "3:11/5:1", 2),
            TestWorker.Record(instance, 4, "3:1", 3), TestWorker.Record(instance, 4, "3:111", 4),
            TestWorker.Record(instance, 9, "3:11", 5));

        Assert.Empty(await Worker.RecordAsync(TestWorker.Record(
            instance, 3, "3:11", 6, more: ""","carry":[{"first":4,"last":8,"path":"3:11","loop":3,"drop":"3:1"}]""")));
        Assert.Equal(["4 3:1", "4 3:111", "9 3:11", "3 3:11"], await Worker.ColumnAsync<string>(
            "SELECT node || ' ' || path FROM df.checkpoints ORDER BY seq"));
    }

    [Fact]
    public async Task Record_CarryOfWhatTheSameCallRecorded_LeavesTheCarriedStateOnly()
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await Worker.RecordAsync(
            TestWorker.Record(instance, 1, "0:1", 0),
            TestWorker.Record(instance, 0, "0:1", 1, more: ""","carry":[{"first":1,"last":1,"path":"0:1","loop":0,"drop":null}]""")));
        Assert.Equal(["0 0:1"], await Worker.ColumnAsync<string>("SELECT node || ' ' || path FROM df.checkpoints"));
    }

    [Fact]
    public async Task Record_Outcome_OfACheckpoint()
    {
        var instance = await ClaimedAsync();
        await User.SignalAsync(instance, "never taken");
        await Worker.EndAsync(instance);
        Assert.Equal("completed", await User.StatusAsync(instance));
        Assert.Equal("42", await ResultAsync(instance));
        Assert.Null(await Worker.ScalarAsync<string>("SELECT result::text FROM df.outcomes WHERE started_at IS NOT NULL"));
        Assert.Equal(0, await Worker.CountAsync("queue"));
        Assert.Equal(0, await Worker.CountAsync("signals"));
    }

    [Theory]
    [InlineData("[1,2]", "[1, 2]")]
    [InlineData("null", "null")]
    public async Task Record_Outcome_OfItsOwn(string result, string read)
    {
        var instance = await ClaimedAsync();
        Assert.Empty(await Worker.RecordAsync(
            $$"""{"instance":{{instance}},"outcome":{"status":"completed","result":{{result}},"node":null,"path":"","error":null} }"""));
        Assert.Equal(read, await ResultAsync(instance));
    }

    [Fact]
    public async Task Record_Outcome_Failed()
    {
        var instance = await ClaimedAsync();
        await Worker.EndAsync(instance, "failed");
        Assert.Equal("failed", await User.StatusAsync(instance));
        Assert.Null(await ResultAsync(instance));
        Assert.Equal("""{"message":"no"}""", await Worker.ScalarAsync<string>("SELECT error::text FROM df.outcomes WHERE result IS NULL"));
    }

    async Task<string?> ResultAsync(long instance) => await User.ScalarAsync<string>("SELECT df.result($1)", await User.IdAsync(instance));

    async Task<long> ClaimedAsync()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        return instance;
    }
}

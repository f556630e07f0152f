namespace PgDurable.Testing.Tests.Samples;

public sealed class EmbedChunksTests
{
    static readonly EmbedChunks.Chunk[] Two = [new(1, "it's \"quoted\""), new(2, "two")];

    [Fact]
    public async Task Define_TwoChunks_SendsAndWritesEach()
    {
        var inputs = new List<string>();
        var result = await Test(Two)
            .Http(request =>
            {
                inputs.Add(request.Json.GetProperty("input").GetString()!);
                Assert.Equal("m1", request.Json.GetProperty("model").GetString());
                return Reply();
            })
            .RunAsync();

        Assert.Equal(["it's \"quoted\"", "two"], inputs);
        Assert.Equal(2, result.Executed.Count(step => step.Sql.StartsWith("UPDATE chunks", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Define_NothingToDo_LooksAgainEveryFiveMinutes()
    {
        var result = await Test().StopAfter(TimeSpan.FromHours(1)).RunAsync();

        Assert.Equal(WorkflowStatus.Running, result.Status);
        Assert.Equal(13, result.Executed.Count(step => step.Name == "batch"));
        Assert.Equal(TimeSpan.FromHours(1), result.Elapsed);
    }

    [Fact]
    public async Task Define_ServerOverloaded_BacksOffAndGoesOn()
    {
        var result = await Test(Two[1]).Http(request => request.Step.Attempt <= 3 ? HttpReply.Status(429) : Reply()).RunAsync();

        var sent = result.Executed.Where(step => step.Sql.StartsWith("POST", StringComparison.Ordinal)).ToList();
        Assert.Equal([0, 2, 6, 14], sent.Select(step => step.At.TotalSeconds));
        Assert.Equal(["DF008", "DF008", "DF008", null], sent.Select(step => step.Error?.SqlState));
    }

    [Fact]
    public async Task Define_ServerDown_FailsAfterFiveAttempts()
    {
        var result = await Test(Two[1]).Http(_ => HttpReply.ConnectionFailed()).RunAsync();

        result.ShouldFail("DF008");
        Assert.Equal(TimeSpan.FromSeconds(2 + 4 + 8 + 16), result.Elapsed);
    }

    [Fact]
    public async Task Define_CrashWhileARequestIsUnderWay_SendsItAgainWithTheSameKey()
    {
        var keys = new List<string>();
        var result = await Test(Two[0])
            .Http(request =>
            {
                keys.Add(request.IdempotencyKey);
                Assert.Equal(request.IdempotencyKey, request.Headers["Idempotency-Key"]);
                return Reply();
            })
            .CrashDuring("reply")
            .RunAsync();

        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
        Assert.Single(result.Executed, step => step.Sql.StartsWith("UPDATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Define_EachChunk_HasAKeyOfItsOwn()
    {
        var keys = new List<string>();
        await Test(Two).Http(request =>
        {
            keys.Add(request.IdempotencyKey);
            return Reply();
        }).RunAsync();

        Assert.Equal(2, keys.Distinct().Count());
    }

    // One iteration with chunks, then one without.
    static WorkflowTest<System.Text.Json.JsonElement> Test(params EmbedChunks.Chunk[] chunks) =>
        WorkflowTest.For<EmbedChunks, EmbedChunks.Input>(new("https://api.test", "m1", 100))
            .Rows("batch", chunks)
            .Rows<EmbedChunks.Chunk>("batch")
            .AnswerWrites()
            .StopAfter(TimeSpan.FromMinutes(1));

    static HttpReply Reply() => HttpReply.Json(new EmbedChunks.Reply([new([0.5f, 1f])]));
}

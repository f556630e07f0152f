namespace PgDurable.Testing.Tests.Samples;

public sealed class IngestBatchTests
{
    const string Publish = "INSERT INTO published";

    [Fact]
    public async Task Define_AllWell_Publishes()
    {
        var result = await Test().RunAsync();

        result.ShouldComplete().ShouldNotHaveRun("INSERT INTO ingest_errors VALUES ($input.batch_id, $error.sql");
        Assert.Equal(TimeSpan.Zero, result.Elapsed);
    }

    [Fact]
    public async Task Define_EmptyBatch_FailsAndTakesBackWhatWasStaged()
    {
        var result = await Test(staged: 0).RunAsync();

        result.ShouldFail("DF006");
        Assert.Equal("batch 7 is empty", result.Error!.Message);
        Assert.StartsWith("DELETE FROM staging WHERE batch_id = 7", result.Executed[^1].Sql);
    }

    [Fact]
    public async Task Define_Deadlocks_AreTriedAgainByTheWorkerItself()
    {
        var result = await Test().FailStep(Publish, "40P01", attempts: 9).RunAsync();

        result.ShouldComplete();
        Assert.Equal(10, result.Executed.Count(step => step.Sql.StartsWith(Publish, StringComparison.Ordinal)));
        Assert.Equal(TimeSpan.Zero, result.Elapsed);
    }

    [Fact]
    public async Task Define_ServerShutsDownTwice_RetriesAfterOneAndTwoSeconds()
    {
        var result = await Test().FailStep(Publish, "57P01", attempts: 2).RunAsync();

        result.ShouldComplete();
        Assert.Equal(TimeSpan.FromSeconds(1 + 2), result.Elapsed);
    }

    [Fact]
    public async Task Define_PublishFailsForGood_IsReported()
    {
        var result = await Test().FailStep(Publish, "23505", "duplicate key").RunAsync();

        result.ShouldComplete();
        Assert.Equal("INSERT INTO ingest_errors VALUES (7, '23505', 'duplicate key')", result.Executed[^1].Sql);
    }

    [Fact]
    public async Task Define_PublishTakesTooLong_IsStoppedAndReported()
    {
        var result = await Test().Takes(Publish, TimeSpan.FromMinutes(11)).RunAsync();

        result.ShouldComplete();
        Assert.Equal(3 * TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1 + 2), result.Elapsed); // three attempts
        Assert.DoesNotContain(result.Executed, step => step.Sql.StartsWith(Publish, StringComparison.Ordinal));
        Assert.Contains("'DF005'", result.Executed[^1].Sql);
    }

    [Fact]
    public async Task Define_PublishTakesLong_IsGivenItsTime()
    {
        var result = await Test().Takes(Publish, TimeSpan.FromMinutes(9)).RunAsync();

        result.ShouldComplete();
        Assert.Equal(TimeSpan.FromMinutes(9), result.Elapsed);
    }

    [Fact]
    public async Task Define_ReportFailsToo_FailsAndUndoes()
    {
        var result = await Test().FailStep(Publish, "23505").FailStep("INSERT INTO ingest_errors", "42P01").RunAsync();

        result.ShouldFail("42P01");
        Assert.StartsWith("DELETE FROM staging WHERE", result.Executed[^1].Sql);
    }

    static WorkflowTest<System.Text.Json.JsonElement> Test(long staged = 3) =>
        WorkflowTest.For<IngestBatch, IngestBatch.Input>(new(BatchId: 7)).Rows("staged", new IngestBatch.Counted(staged)).AnswerWrites();
}

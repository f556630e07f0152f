namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Tasks that end as soon as they exist, while their instances are just beginning to wait.</summary>
[Collection(WorkerCollection.Name)]
public sealed class QuickTaskTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Tasks_CompletedAtOnce_WakeTheirInstances()
    {
        const int count = 300;
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync($"SELECT df.start_graph(df.activity('quick')) FROM generate_series(1, {count})");
        long ended = 0;
        await Poll.UntilAsync("all tasks were claimed", async () =>
        {
            ended += await user.ScalarAsync<long>(
                """
                WITH claimed AS MATERIALIZED (SELECT * FROM df.claim_tasks(ARRAY['quick'], 5))
                SELECT count(df.complete_task(c.task, c.token)::text) FROM claimed c
                """);
            return ended == count;
        });
        await Poll.UntilAsync("all instances have ended", async () => await user.ScalarAsync<long>(
            "SELECT count(*) FROM df.instances WHERE status = 'completed'") == count);
    }
}

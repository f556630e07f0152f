namespace PgDurable.Worker.Tests.Client;

/// <summary>The sample's application.</summary>
[Collection(WorkerCollection.Name)]
public sealed class ApplicationTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Run_ApprovesTheOrder_AndCounts()
    {
        await using var user = await ClientUser.CreateAsync(fixture.Cluster);
        await user.User.ExecuteAsync(
            $"""
             SET search_path = {user.User.Schema};
             CREATE TABLE orders (order_id bigint, total numeric, status text, note text);
             CREATE TABLE users (id int);
             CREATE TABLE totals (users bigint, orders bigint)
             """);

        await Samples.Application.RunAsync(user.DataSource, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("approved", await user.User.ScalarAsync<string>("SELECT status FROM orders"));
        await Poll.UntilAsync("it has counted", async () => await user.User.CountAsync("totals") == 1);
        Assert.Equal("order-approval", (await user.Client.ListAsync().LastAsync()).Label);
        Assert.Equal(5L, await user.User.ScalarAsync<long>("SELECT count(*) FROM df.workflow_versions"));
    }
}

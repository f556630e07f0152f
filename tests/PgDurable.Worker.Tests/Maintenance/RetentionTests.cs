namespace PgDurable.Worker.Tests.Maintenance;

/// <summary>The worker removes finished instances by itself.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Worker_FinishedInstances_AreRemovedAndLiveOnesAreNot()
    {
        await using var cluster = await Clusters.WithExtensionAsync(
            worker: true, ("pg_durable.retention_days", "0"), ("pg_durable.reconcile_interval", "1"));
        await using var user = await TestUser.CreateAsync(cluster);
        var waiting = await user.StartAsync(await user.ScalarAsync<string>("SELECT df.wait_for_signal('go')"));
        for (var i = 0; i < 20; i++)
            await user.StartAsync("SELECT 1");

        await Poll.UntilAsync("only the live instance is left", async () =>
            await user.ScalarAsync<long>("SELECT count(*) FROM df.instances") == 1
            && await user.ScalarAsync<long>("SELECT count(*) FROM df.checkpoints") == 0);
        Assert.Equal(waiting, await user.ScalarAsync<string>("SELECT id::text FROM df.instances WHERE status IN ('pending', 'running')"));
    }
}

using Xunit.Abstractions;

namespace PgDurable.Worker.Tests.Crash;

/// <summary>The primary dies, and its synchronous standby takes over.</summary>
[Trait("Needs", "pg_basebackup")]
public sealed class FailoverTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Primary_Killed_WorkGoesOnAtTheStandbyNothingTwiceNothingLost()
    {
        await using var primary = await Clusters.WithExtensionAsync(worker: true, ("wal_keep_size", "256MB"));
        await using var standby = await PgCluster.StartAsync(new() { StandbyOf = primary });
        await Poll.UntilAsync("the standby follows", () => primary.ScalarAsync<bool>("SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'"));
        await primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await primary.ExecuteAsync("SELECT pg_reload_conf()");
        await Poll.UntilAsync("the standby is synchronous", () => primary.ScalarAsync<bool>("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'"));

        await using var load = await Load.StartAsync(primary);
        await load.NextCheckpointAsync(0);
        await load.MoreAsync(50);
        Assert.True(await standby.ScalarAsync<bool>("SELECT pg_is_in_recovery()"));
        Assert.Equal(0L, await standby.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:workflow-sql'"));
        var last = await load.LastWorkerAsync();

        await primary.KillServerAsync();
        await standby.ExecuteAsync("SELECT pg_promote()");
        await load.MoveToAsync(standby);
        output.WriteLine($"From the promotion to the next checkpoint: {(await load.NextCheckpointAsync(last)).TotalMilliseconds:0} ms");
        await load.MoreAsync(50);

        await load.AssertExactlyOnceAsync();
    }
}

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
        await Poll.UntilAsync("the standby follows", () =>
            primary.ScalarAsync<bool>("SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'"));
        await primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await primary.ExecuteAsync("SELECT pg_reload_conf()");
        await Poll.UntilAsync("the standby is synchronous", () =>
            primary.ScalarAsync<bool>("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'"));

        await using var load = await Load.StartAsync(primary);
        await load.NextCheckpointAsync(0);
        await load.MoreAsync(50);
        Assert.True(await standby.ScalarAsync<bool>("SELECT pg_is_in_recovery()"));
        Assert.Equal(0L, await standby.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:workflow-sql'"));
        var last = await load.LastWorkerAsync();

        // What a client sees is at the standby already.
        string failed;
        await using (var user = await TestUser.CreateAsync(primary))
        {
            failed = await user.StartAsync("SELECT 1/0", key: "seen");
            while (await user.ScalarAsync<string>("SELECT df.status($1)", failed) != "failed")
                await Task.Yield();
        }
        await primary.KillServerAsync();
        await standby.ExecuteAsync("SELECT pg_promote()");
        Assert.Equal("failed", await standby.ScalarAsync<string>(
            $"SELECT status FROM df.outcomes JOIN df.submissions USING (instance_no) WHERE id = '{failed}'"));
        await standby.ExecuteAsync(
            $"DELETE FROM df.outcomes o USING df.submissions s WHERE s.instance_no = o.instance_no AND s.id = '{failed}'");
        await standby.ExecuteAsync(
            $"DELETE FROM df.checkpoints c USING df.submissions s WHERE s.instance_no = c.instance_no AND s.id = '{failed}'");
        await standby.ExecuteAsync($"DELETE FROM df.submissions WHERE id = '{failed}'"); // the load counts
        await load.MoveToAsync(standby);
        output.WriteLine($"From the promotion to the next checkpoint: {(await load.NextCheckpointAsync(last)).TotalMilliseconds:0} ms");
        await load.MoreAsync(50);

        await load.AssertExactlyOnceAsync();
    }
}

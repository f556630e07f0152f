namespace PgDurable.Worker.Tests.Crash;

/// <summary>Instances are moved between two versions, forked, and their worker is killed, all at once.</summary>
public sealed class MigrateTests
{
    const int Instances = 30, Blocks = 8, Kills = 4;

    [Fact]
    public async Task MovedToAndFroWhileTheWorkerIsKilled_EverythingHappensOnce()
    {
        await using var cluster = await Clusters.WithExtensionAsync(worker: false);
        await using var user = await TestUser.CreateAsync(cluster);
        await using var mover = await TestUser.ExistingAsync(cluster, user.Role, user.Schema);
        await user.ExecuteAsync($"CREATE TABLE {user.Schema}.log (instance text, word text)");
        var graph = string.Join(" ~> ", Enumerable.Range(0, Blocks).Select(i =>
            $"{Log($"a{i}")} ~> df.sleep(0.02) ~> df.join({Log($"b{i}")}, df.sleep(0.01) ~> {Log($"c{i}")})"));
        await user.ExecuteAsync(
            $"SELECT df.register_workflow('w', {graph}), df.register_workflow('w', {graph} ~> {Log("end")} ~> {Log("last")})");
        await user.ExecuteAsync($"SELECT df.start_workflow('w', version => 1 + n % 2) FROM generate_series(1, {Instances}) n");

        using var stop = new CancellationTokenSource();
        var moving = MoveAsync(mover, stop.Token);
        var worker = await WorkerProcess.StartAsync(cluster);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                var before = await user.CountAsync("log");
                await Poll.UntilAsync(
                    "it goes on", async () => await user.CountAsync("log") > before + 20 || await LiveAsync(cluster) == 0);
                worker.Kill();
                worker.Dispose();
                worker = await WorkerProcess.StartAsync(cluster);
            }
            await user.ExecuteAsync(
                "SELECT df.fork(i.id, 'a2') FROM df.instances i WHERE EXISTS (SELECT FROM df.nodes n WHERE n.instance_id = i.id "
                    + "AND n.result_name = 'a2' AND n.status = 'completed')");
            await Poll.UntilAsync("all have ended", async () => await LiveAsync(cluster) == 0, TimeSpan.FromSeconds(120));
            await user.ExecuteAsync("SELECT df.fork(i.id, 'a2') FROM df.instances i WHERE i.forked_from IS NULL");
            worker.Kill();
            worker.Dispose();
            worker = await WorkerProcess.StartAsync(cluster);
            await Poll.UntilAsync("all have ended", async () => await LiveAsync(cluster) == 0, TimeSpan.FromSeconds(120));
        }
        finally
        {
            worker.Dispose();
            await stop.CancelAsync();
        }

        Assert.True(await moving > Instances, $"only {await moving} moves");
        Assert.Equal(0L, await user.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE status <> 'completed'"));
        var forks = await user.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE forked_from IS NOT NULL");
        Assert.True(forks >= Instances, $"only {forks} forks");
        Assert.Equal(
            "", await user.ScalarAsync<string>(
                $"""
                 SELECT coalesce(string_agg(concat_ws(' ', i.id, i.workflow_version, i.forked_from, l.words, l.different), ', '), '')
                   FROM df.instances i
                   LEFT JOIN LATERAL (SELECT count(*) AS words, count(DISTINCT word) AS different
                                        FROM {user.Schema}.log WHERE instance = i.id) l ON true
                  WHERE l.words <> l.different
                     OR l.words <> 3 * ({Blocks} - CASE WHEN i.forked_from IS NULL THEN 0 ELSE 2 END) + 2 * (i.workflow_version - 1)
                 """));

        string Log(string word) => $"('INSERT INTO {user.Schema}.log VALUES ($sys_instance_id, ''{word}'')' |=> '{word}')";
    }

    static Task<long> LiveAsync(PgCluster cluster) => cluster.ScalarAsync<long>("SELECT count(*) FROM df.queue");

    static async Task<long> MoveAsync(TestUser user, CancellationToken ct)
    {
        var moved = 0L;
        for (var i = 0; !ct.IsCancellationRequested; i++)
        {
            // What is moved is locked meanwhile: the worker gets its turn.
            var before = await user.CountAsync("log");
            await Poll.UntilAsync(
                "something has run", async () => ct.IsCancellationRequested || await user.CountAsync("log") > before + 5
                    || await LiveAsync(user.Cluster) == 0);
            moved += await user.ScalarAsync<long>(
                $"SELECT count(*) FILTER (WHERE moved) FROM df.migrate_instances('w', {1 + i % 2}, {2 - i % 2})");
        }
        return moved;
    }
}

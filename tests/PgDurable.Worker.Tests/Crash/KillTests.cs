using System.Globalization;
using Npgsql;
using Xunit.Abstractions;

namespace PgDurable.Worker.Tests.Crash;

/// <summary>Workers and servers die at any moment: nothing is done twice, nothing is lost.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    const int WorkerKills = 30, ServerKills = 5;

    [Fact]
    public async Task Worker_KilledAtThirtyRandomMoments_EverythingHappensOnce()
    {
        var random = SeededRandom();
        await using var cluster = await Clusters.WithExtensionAsync(worker: false);
        await using var load = await Load.StartAsync(cluster);
        // Somebody else's transaction lives through all of it.
        await using var bystander = await cluster.ConnectAsync();
        await using var transaction = await bystander.BeginTransactionAsync();
        await using var work = new NpgsqlCommand("CREATE TABLE bystander AS SELECT pg_backend_pid() AS pid", bystander, transaction);
        await work.ExecuteNonQueryAsync();

        var recoveries = new List<double>();
        var pids = new List<int>();
        var worker = await WorkerProcess.StartAsync(cluster);
        try
        {
            await load.NextCheckpointAsync(0);
            for (var kill = 0; kill < WorkerKills; kill++)
            {
                await load.MoreAsync(5);
                await Task.Delay(random.Next(100)); // the random moment
                var last = await load.LastWorkerAsync();
                pids.Add(worker.Pid);
                worker.Kill();
                worker.Dispose();
                worker = await WorkerProcess.StartAsync(cluster);
                recoveries.Add((await load.NextCheckpointAsync(last)).TotalMilliseconds);
            }

            await load.AssertExactlyOnceAsync();
            Assert.All(pids, pid => Assert.False(Processes.IsAlive(pid)));
            await Poll.UntilAsync(
                "only one worker is left", async () => await cluster.ScalarAsync<long>("SELECT count(*) FROM df.workers") == 1);
            await Poll.UntilAsync("no session of a dead worker is left", async () => await cluster.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_durable:worker:poll'") == 1);
        }
        finally
        {
            worker.Dispose();
        }
        await transaction.CommitAsync();
        Assert.Equal(await cluster.ScalarAsync<int>("SELECT pid FROM bystander"), bystander.ProcessID);
        Report("a killed worker, started again at once", recoveries, load.Started);
    }

    [Fact]
    public async Task Worker_OfTheServer_KilledThreeTimes_IsStartedAgainAndGoesOn()
    {
        await using var cluster = await Clusters.WithExtensionAsync(worker: true);
        await using var load = await Load.StartAsync(cluster);
        await load.NextCheckpointAsync(0);
        var recoveries = new List<double>();
        var pids = new List<int>();
        for (var kill = 0; kill < 3; kill++)
        {
            await load.MoreAsync(20);
            var last = await load.LastWorkerAsync();
            pids.Add(await cluster.KillWorkerAsync());
            recoveries.Add((await load.NextCheckpointAsync(last)).TotalMilliseconds);
        }

        await load.AssertExactlyOnceAsync();
        Assert.All(pids, pid => Assert.False(Processes.IsAlive(pid)));
        Assert.Single(Processes.ChildrenOf(cluster.LauncherPid!.Value));
        Report("a killed worker of the server", recoveries, load.Started);
    }

    [Fact]
    public async Task Server_StoppedImmediately_FiveTimes_EverythingHappensOnce()
    {
        var random = SeededRandom();
        await using var cluster = await Clusters.WithExtensionAsync(worker: true);
        await using var load = await Load.StartAsync(cluster);
        await load.NextCheckpointAsync(0);
        var recoveries = new List<double>();
        var pids = new List<int>();
        for (var kill = 0; kill < ServerKills; kill++)
        {
            await load.MoreAsync(20);
            await Task.Delay(random.Next(200)); // the random moment
            var last = await load.LastWorkerAsync();
            pids.Add(await cluster.WorkerPidAsync());
            await cluster.KillServerAsync();
            await cluster.StartServerAsync();
            recoveries.Add((await load.NextCheckpointAsync(last)).TotalMilliseconds);
        }

        await load.AssertExactlyOnceAsync();
        Assert.All(pids, pid => Assert.False(Processes.IsAlive(pid)));
        Assert.Single(Processes.ChildrenOf(cluster.LauncherPid!.Value));
        Report("a server that is up again", recoveries, load.Started);
    }

    Random SeededRandom()
    {
        var seed = Environment.GetEnvironmentVariable("PGDURABLE_TEST_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"PGDURABLE_TEST_SEED={seed}");
        return new Random(seed);
    }

    void Report(string what, List<double> milliseconds, int instances)
    {
        milliseconds.Sort();
        output.WriteLine(
            $"From {what} to the next checkpoint, ms: median {milliseconds[milliseconds.Count / 2]:0}, "
                + $"least {milliseconds[0]:0}, most {milliseconds[^1]:0} of {milliseconds.Count}; {instances} instances of ten steps.");
    }
}

using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Launching;

/// <summary>What happens to the worker when the server or the launcher goes away. Each test needs its own server.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task Server_StopsFast_WorkerIsAskedToStop()
    {
        await using var worker = await ScriptedWorker.StartAsync(
            "trap 'echo asked > $notes/term; exit 0' TERM; echo ready > $notes/ready; while :; do sleep 0.05; done");
        await worker.NoteAsync("ready");
        var pid = worker.Cluster.WorkerPid!.Value;

        await worker.Cluster.StopServerAsync();

        Assert.False(Processes.IsAlive(pid));
        Assert.Equal("asked\n", worker.Note("term"));
        Assert.Equal(1, worker.Starts);
    }

    [Fact]
    public async Task Server_StopsFast_StubbornWorkerIsKilled()
    {
        await using var worker = await ScriptedWorker.StartAsync("trap '' TERM; echo ready > $notes/ready; while :; do sleep 0.05; done");
        await worker.NoteAsync("ready");
        var pid = worker.Cluster.WorkerPid!.Value;

        await worker.Cluster.StopServerAsync();

        Assert.False(Processes.IsAlive(pid));
        await worker.LoggedAsync("did not stop within 10 s, killing it");
    }

    [Fact]
    public async Task Server_StopsSmart_DoesNotWaitForTheWorkersConnection()
    {
        // psql connects with the environment that it got, then waits for somebody to write to the pipe.
        await using var worker = await ScriptedWorker.StartAsync("mkfifo $notes/pipe; exec psql -X -f $notes/pipe");
        await Poll.UntilAsync("the worker is connected", async () =>
            await worker.Cluster.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'psql'") == 1);
        var pid = worker.Cluster.WorkerPid!.Value;

        worker.Cluster.BeginSmartStop();

        await Poll.UntilAsync("the server stopped", () => Task.FromResult(worker.Cluster.PostmasterPid is null));
        Assert.False(Processes.IsAlive(pid));
        Assert.Equal(1, worker.Starts);
    }

    [Fact]
    public async Task Server_StopsImmediately_WorkerIsGoneAndComesBackWithTheServer()
    {
        await using var worker = await ScriptedWorker.StartAsync($"trap '' TERM INT QUIT HUP; {ScriptedWorker.Sleep}");
        var pid = await worker.PidAsync("sleep");

        await worker.Cluster.KillServerAsync();
        await Poll.UntilAsync("the worker is gone", () => Task.FromResult(!Processes.IsAlive(pid)), TimeSpan.FromSeconds(5));

        await worker.Cluster.StartServerAsync();
        await worker.PidAsync("sleep", not: pid);
    }

    [Fact]
    public async Task Postmaster_Killed_WorkerIsGone()
    {
        await using var worker = await ScriptedWorker.StartAsync($"trap '' TERM INT QUIT HUP; {ScriptedWorker.Sleep}");
        var pid = await worker.PidAsync("sleep");

        await worker.Cluster.KillPostmasterAsync();

        await Poll.UntilAsync("the worker is gone", () => Task.FromResult(!Processes.IsAlive(pid)), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Launcher_Killed_OldWorkerIsGoneBeforeANewOneRuns()
    {
        await using var worker = await ScriptedWorker.StartAsync($"trap '' TERM INT QUIT HUP; {ScriptedWorker.Sleep}");
        var pid = await worker.PidAsync("sleep");

        Processes.Kill(worker.Cluster.LauncherPid!.Value);

        await worker.PidAsync("sleep", not: pid);
        Assert.False(Processes.IsAlive(pid));
    }
}

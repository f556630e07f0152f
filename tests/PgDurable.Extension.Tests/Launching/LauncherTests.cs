using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Launching;

/// <summary>The launcher, with shell scripts in place of the worker. Each test needs its own server.</summary>
public sealed class LauncherTests
{
    [Fact]
    public async Task Start_Environment_IsTheServersConnectionAndNoOtherPgVariable()
    {
        Environment.SetEnvironmentVariable("PGDATESTYLE", "ISO");
        Environment.SetEnvironmentVariable("PG_DURABLE_TESTED", "yes");
        await using var worker = await ScriptedWorker.StartAsync($"env > $notes/env; {ScriptedWorker.Sleep}",
            ("pg_durable.database", "workflows"), ("pg_durable.worker_role", "runner"), ("pg_durable.max_user_connections", "7"),
            ("pg_durable.max_result_bytes", "2MB"));
        Environment.SetEnvironmentVariable("PGDATESTYLE", null);
        Environment.SetEnvironmentVariable("PG_DURABLE_TESTED", null);
        await worker.PidAsync("sleep");

        var variables = worker.Note("env")!.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).ToLookup(v => v[0], v => v[^1]);

        Assert.Equal([worker.Cluster.Folder], variables["PGHOST"]);
        var port = new NpgsqlConnectionStringBuilder(worker.Cluster.ConnectionString()).Port;
        Assert.Equal([port.ToString(System.Globalization.CultureInfo.InvariantCulture)], variables["PGPORT"]);
        Assert.Equal(["workflows"], variables["PGDATABASE"]);
        Assert.Equal(["runner"], variables["PGUSER"]);
        Assert.Equal(["7"], variables["PG_DURABLE_MAX_USER_CONNECTIONS"]);
        Assert.Equal(["2097152"], variables["PG_DURABLE_MAX_RESULT_BYTES"]);
        Assert.Equal(["0"], variables["DOTNET_EnableDiagnostics"]);
        Assert.Equal(["0"], variables["DOTNET_gcServer"]);
        Assert.Equal(["0"], variables["DOTNET_TieredPGO"]);
        Assert.Equal(["yes"], variables["PG_DURABLE_TESTED"]);
        Assert.Empty(variables["PGDATESTYLE"]);
        Assert.Empty(variables["PGDATA"]);
    }

    [Theory]
    [InlineData("[::1]", "::1")]
    [InlineData("db.internal.example", "db.internal.example")]
    [InlineData("/somewhere/else", "/somewhere/else")]
    public async Task Start_Host_IsWhatTheSettingSays(string setting, string host)
    {
        await using var worker = await ScriptedWorker.StartAsync($"env > $notes/env; {ScriptedWorker.Sleep}", ("pg_durable.host", setting));
        await worker.PidAsync("sleep");
        Assert.Contains($"PGHOST={host}", worker.Note("env")!.Split('\n'));

        // The same goes for starts in their own transaction.
        await worker.Cluster.ExecuteAsync(
            "CREATE EXTENSION IF NOT EXISTS pg_durable; CREATE ROLE alice LOGIN; SELECT df.grant_usage('alice')");
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => worker.Cluster.ExecuteAsync("SET ROLE alice; SELECT df.start('SELECT 1', transaction_mode => 'new')"));
        Assert.Equal("DF016", error.SqlState);
    }

    [Fact]
    public async Task Start_SeveralDatabases_EachHasAProcessAndItsShareOfTheConnections()
    {
        await using var worker = await ScriptedWorker.StartAsync(
            $"echo $PG_DURABLE_MAX_USER_CONNECTIONS > \"$notes/of-$PGDATABASE\"; {ScriptedWorker.Sleep}",
            ("pg_durable.database", "first"), ("pg_durable.databases", "second, first, \"Third, of all\""),
            ("pg_durable.max_user_connections", "7"));

        Assert.Equal("3", (await worker.NoteAsync("of-first")).Trim());
        Assert.Equal("2", (await worker.NoteAsync("of-second")).Trim());
        Assert.Equal("2", (await worker.NoteAsync("of-Third, of all")).Trim());
        Assert.Equal(3, worker.Starts);
        await worker.LoggedAsync("worker of database \"Third, of all\" started");
    }

    [Fact]
    public async Task Start_Process_HasOnlyStandardDescriptorsDefaultSignalsAndItsOwnGroup()
    {
        await using var worker = await ScriptedWorker.StartAsync(
            $"ls -l /proc/self/fd > $notes/descriptors; echo to-stdout; echo to-stderr >&2; {ScriptedWorker.Sleep}");
        var pid = await worker.PidAsync("sleep");

        // 1 is the note, 3 the folder that ls reads.
        var descriptors = worker.Note("descriptors")!.Split('\n')
            .Where(l => l.Contains("->", StringComparison.Ordinal)).Select(l => l[(l.LastIndexOf(':') + 4)..]).ToList();
        Assert.Equal(["0", "1", "2", "3"], descriptors.Select(d => d[..1]));
        Assert.Equal("0 -> /dev/null", descriptors[0]);
        await worker.LoggedAsync("to-stdout");
        await worker.LoggedAsync("to-stderr");

        foreach (var set in (string[])["SigIgn", "SigBlk", "SigCgt"])
            Assert.Equal("0000000000000000", Processes.Status(pid, set));
        var stat = (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Split(") ")[1].Split(' ');
        Assert.Equal(pid.ToString(System.Globalization.CultureInfo.InvariantCulture), stat[2]);
        Assert.NotEqual(0, worker.Cluster.LauncherPid);
    }

    [Fact]
    public async Task Worker_Killed_IsRestartedAndSessionsAreUndisturbed()
    {
        await using var worker = await ScriptedWorker.StartAsync(ScriptedWorker.Sleep);
        await using var session = await worker.Cluster.ConnectAsync();
        await using var count = new NpgsqlCommand("SELECT count(*) FROM pg_class", session);
        await count.ExecuteScalarAsync();
        var postmaster = worker.Cluster.PostmasterPid;
        var launcher = worker.Cluster.LauncherPid;

        var first = await worker.Cluster.KillWorkerAsync();
        await worker.Cluster.WorkerPidAsync(not: first);

        await count.ExecuteScalarAsync();
        Assert.Equal(postmaster, worker.Cluster.PostmasterPid);
        Assert.Equal(launcher, worker.Cluster.LauncherPid);
        await worker.LoggedAsync($"worker (PID {first}) was terminated by signal 9");
        await worker.LoggedAsync("restarting the worker in 100 ms");
    }

    [Fact]
    public async Task Worker_EndsAtOnceEveryTime_PausesDouble()
    {
        await using var worker = await ScriptedWorker.StartAsync("exit 3");
        foreach (var pause in (int[])[100, 200, 400, 800])
            await worker.LoggedAsync($"restarting the worker in {pause} ms");
        await worker.LoggedAsync("exited with exit code 3");
        Assert.Equal(1, await worker.Cluster.ScalarAsync<int>("SELECT 1"));
    }

    [Fact]
    public async Task Worker_ConfigurationIsWrong_WaitsForAReload()
    {
        await using var worker = await ScriptedWorker.StartAsync("[ -e $notes/corrected ] || exit 78; " + ScriptedWorker.Sleep);
        await worker.LoggedAsync("worker does not run because of its configuration");
        Assert.Equal(1, worker.Starts);

        await worker.Cluster.ExecuteAsync("SELECT pg_reload_conf()");
        await Poll.UntilAsync("a second attempt", () => Task.FromResult(worker.Starts == 2));

        worker.Leave("corrected");
        await worker.Cluster.ExecuteAsync("SELECT pg_reload_conf()");
        await worker.PidAsync("sleep");
        Assert.Equal(3, worker.Starts);
    }

    [Fact]
    public async Task Worker_Missing_IsLoggedWithAHintAndTheServerWorks()
    {
        await using var cluster = await PgCluster.StartAsync(new()
        {
            Worker = true,
            Settings = new Dictionary<string, string> { ["pg_durable.worker_executable"] = "/nonexistent/worker" },
        });
        await Poll.UntilAsync("the log says so", async () =>
            (await cluster.LogAsync())
                .Contains("cannot start the worker \"/nonexistent/worker\": No such file or directory", StringComparison.Ordinal));
        Assert.Contains("HINT:  Install the worker executable", await cluster.LogAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await cluster.ScalarAsync<int>("SELECT 1"));
    }

    [Fact]
    public async Task Worker_TurnedOff_NoLauncher()
    {
        await using var cluster = await PgCluster.StartAsync();
        Assert.NotNull(cluster.PostmasterPid);
        Assert.Null(cluster.LauncherPid);
        Assert.Equal("off", await cluster.ScalarAsync<string>("SHOW pg_durable.worker"));
    }

    [Fact]
    public async Task Reload_IsHandedOnToTheWorker()
    {
        await using var worker = await ScriptedWorker.StartAsync(
            "trap 'echo reloaded >> $notes/hup' HUP; echo ready > $notes/ready; while :; do sleep 0.05; done");
        await worker.NoteAsync("ready");
        await worker.Cluster.ExecuteAsync("SELECT pg_reload_conf()");
        await worker.NoteAsync("hup");
        Assert.Equal(1, worker.Starts);
    }
}

using PgDurable.TestKit;

namespace PgDurable.Cli.Tests;

/// <summary><c>pgdurable doctor</c></summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private PgCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync(new() { Worker = true });
        await _cluster.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_durable; CREATE ROLE app LOGIN; SELECT df.grant_usage('app')");
        await Poll.UntilAsync("a worker is there", async () => await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.workers") > 0);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Doctor_AllIsWell_ReturnsZero()
    {
        foreach (var user in (string[])["postgres", "app"])
        {
            var run = await RunAsync(user);
            Assert.True(run.ExitCode == 0, run.Output + run.Error);
            Assert.Contains("ok       extension: installed and loaded", run.Output);
            Assert.Contains("ok       worker: 1 running", run.Output);
            Assert.DoesNotContain("PROBLEM", run.Output);
        }
    }

    [Fact]
    public async Task Doctor_NoWorkerAndABacklog_SaysWhatToDo()
    {
        await _cluster.ExecuteAsync("ALTER SYSTEM SET pg_durable.worker = off");
        await _cluster.StopServerAsync();
        await _cluster.StartServerAsync();
        // It was alive a moment ago.
        await _cluster.ExecuteAsync("UPDATE df.workers SET last_seen_at = last_seen_at - interval '1 min'");
        await _cluster.ExecuteAsync("SET ROLE app; SELECT df.start('SELECT 1')");
        await _cluster.ExecuteAsync("UPDATE df.submissions SET created_at = created_at - interval '2 min'");

        var run = await RunAsync("app");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("PROBLEM  worker: none running", run.Output);
        Assert.Contains("pg_durable.worker on?", run.Output);
        Assert.Contains("PROBLEM  backlog: 1 instance due", run.Output);
    }

    [Fact]
    public async Task Doctor_RestoredPausedAndFailedInstances_AreNamed()
    {
        var failed = await StartAsync("SELECT 1/0");
        await Poll.UntilAsync("it failed", async () => await _cluster.ScalarAsync<string>($"SELECT df.status('{failed}')") == "failed");
        var paused = await StartAsync("{\"node_type\":\"SIGNAL\",\"query\":\"{\\\"signal_name\\\":\\\"go\\\"}\"}");
        await _cluster.ExecuteAsync($"SET ROLE app; SELECT df.pause('{paused}')");
        await _cluster.ExecuteAsync("UPDATE df.pauses SET paused_at = paused_at - interval '2 days'");
        // As after restoring a dump.
        var restored = await StartAsync("SELECT 1", ", start_at => now() + interval '1 day'");
        await HoldAsync(restored, worker: 0);

        var all = (await RunAsync("app", "--json")).Json.EnumerateArray().ToDictionary(each => each.GetProperty("name").GetString()!);

        Assert.Contains(failed, all["failed"].GetProperty("message").GetString());
        Assert.Contains(paused, all["paused"].GetProperty("message").GetString());
        Assert.Equal("warning", all["paused"].GetProperty("severity").GetString());
        Assert.Contains(restored, all["restored"].GetProperty("message").GetString());
        Assert.Contains("df.resume_restored()", all["restored"].GetProperty("advice").GetString());
        Assert.Equal("ok", all["worker"].GetProperty("severity").GetString());
    }

    [Fact]
    public async Task Doctor_InstanceInOneStepForHours_IsStuck()
    {
        // Nothing frees an instance held by a worker that doesn't exist.
        await _cluster.ExecuteAsync("ALTER SYSTEM SET pg_durable.worker = off");
        await _cluster.StopServerAsync();
        await _cluster.StartServerAsync();
        var stuck = await StartAsync("SELECT 1");
        await HoldAsync(stuck, worker: 7);
        var run = await RunAsync("app");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"PROBLEM  stuck: 1 instance in one step for more than an hour: {stuck}", run.Output);
    }

    [Fact]
    public async Task Doctor_TasksThatNobodyClaims_AreCountedByActivityAndQueue()
    {
        for (var i = 0; i < 2; i++)
            await StartAsync("""{"node_type":"ACTIVITY","query":"{\"activity\":\"charge-card\",\"queue\":\"payments\"}"}""");
        await StartAsync("""{"node_type":"ACTIVITY","query":"{\"activity\":\"send-mail\"}"}""");
        await TasksAsync(3);
        Assert.Contains("ok       tasks: none unclaimed", (await RunAsync("app")).Output);

        await _cluster.ExecuteAsync("UPDATE df.task_queue SET created_at = created_at - interval '2 h' WHERE name = 'charge-card'");
        var idle = await RunAsync("app");
        Assert.Equal(1, idle.ExitCode);
        Assert.Matches(
            @"PROBLEM  tasks: charge-card \(queue payments\): 2 tasks unclaimed for more than a minute, the oldest for 2:0\d:\d\d",
            idle.Output);
        Assert.Contains("AddPgDurableActivities", idle.Output);
        Assert.DoesNotContain("send-mail", idle.Output);

        await _cluster.ExecuteAsync("SET ROLE app; SELECT df.claim_tasks(ARRAY['charge-card'], queue => 'payments')");
        var busy = await RunAsync("app");
        Assert.Contains("charge-card (queue payments): 1 task unclaimed", busy.Output);
        Assert.Contains("1 other task of it is running", busy.Output);
    }

    [Fact]
    public async Task Doctor_TaskWhoseProcessesDied_IsNamed()
    {
        var id = await StartAsync("""{"node_type":"ACTIVITY","query":"{\"activity\":\"charge-card\"}"}""");
        await TasksAsync(1);
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("ok       tasks", (await RunAsync("app")).Output);
            await _cluster.ExecuteAsync("SET ROLE app; SELECT df.claim_tasks(ARRAY['charge-card'])");
            await _cluster.ExecuteAsync("UPDATE df.task_queue SET lease_until = now() WHERE token IS NOT NULL");
        }

        var run = await RunAsync("app");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"warning  tasks: charge-card: 1 task claimed 3 times or more without an end, of {id}", run.Output);
        Assert.Contains("its process died or lost its lease", run.Output);
    }

    private Task TasksAsync(long count) => Poll.UntilAsync(
        "the tasks are there", async () => await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.tasks") == count);

    private Task HoldAsync(string id, int worker) => _cluster.ExecuteAsync(
        $"UPDATE df.queue SET worker_id = {worker}, started_at = now() - interval '2 h' "
            + $"WHERE instance_no = (SELECT instance_no FROM df.submissions WHERE id = '{id}')");

    private Task<string> StartAsync(string graph, string more = "") =>
        _cluster.ScalarAsync<string>($"SET ROLE app; SELECT df.start_graph('{graph.Replace("'", "''", StringComparison.Ordinal)}'{more})");

    private Task<ToolRun> RunAsync(string user, params string[] more) =>
        ToolRun.RunAsync(
            new Dictionary<string, string> { ["PGDURABLE_CONNECTION"] = _cluster.ConnectionString(user: user) }, ["doctor", .. more]);
}

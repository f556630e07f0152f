using System.Text.Json;
using PgDurable.TestKit;

namespace PgDurable.Cli.Tests;

/// <summary>The commands about instances.</summary>
[Collection(ShopCollection.Name)]
public sealed class OperateTests(Shop shop)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task List_Filtered_ShowsTheNewestFirst()
    {
        var role = await shop.RoleAsync();
        var client = shop.Client(role);
        var first = await client.StartAsync("SELECT 1 AS one", label: "first");
        await first.WaitAsync(Patience);
        var second = await client.StartAsync("SELECT 1/0", label: "second");
        await Assert.ThrowsAsync<WorkflowFailedException>(() => second.WaitAsync(Patience));

        var all = (await shop.RunAsync(role, "list", "--json")).Json.EnumerateArray().ToList();
        Assert.Equal([second.InstanceId, first.InstanceId], all.Select(each => each.GetProperty("instance_id").GetString()));
        Assert.Equal("failed", all[0].GetProperty("status").GetString());
        Assert.Single((await shop.RunAsync(role, "list", "--json", "--limit", "1")).Json.EnumerateArray());

        var failed = await shop.RunAsync(role, "list", "--status", "failed");
        Assert.Contains("division by zero", failed.Output);
        Assert.DoesNotContain(first.InstanceId, failed.Output);
        Assert.Contains(first.InstanceId, (await shop.RunAsync(role, "list", "-l", "first")).Output);
        Assert.Empty((await shop.RunAsync("deployer", "list", "--json")).Json.EnumerateArray());
    }

    [Fact]
    public async Task Search_Terms_FindsWhatMatchesAll()
    {
        var role = await shop.RoleAsync();
        var client = shop.Client(role);
        var good = await client.StartAsync("SELECT 1 AS one", label: "good one");
        await good.WaitAsync(Patience);
        var bad = await client.StartAsync("SELECT 1/0", label: "bad one");
        await Assert.ThrowsAsync<WorkflowFailedException>(() => bad.WaitAsync(Patience));

        var found = await shop.RunAsync(role, "search", "status:failed", "since:1h", "--json");
        Assert.Equal([bad.InstanceId], found.Json.EnumerateArray().Select(each => each.GetProperty("instance_id").GetString()));
        found = await shop.RunAsync(role, "search", "label:\"good one\" -status:failed");
        Assert.Contains(good.InstanceId, found.Output);
        Assert.DoesNotContain(bad.InstanceId, found.Output);

        var wrong = await shop.RunAsync(role, "search", "staus.failed");
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("staus.failed", wrong.Error);
    }

    [Fact]
    public async Task Bulk_AsksFirst_ThenActsOnWhatTheQueryFinds()
    {
        var role = await shop.RoleAsync();
        for (var i = 0; i < 3; i++)
            await shop.Client(role).StartAsync(Df.WaitForSignal("approval"), label: "waiter");

        var asked = await shop.RunAsync(role, "bulk", "cancel", "label:waiter");
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("3 instances match, cancel applies to 3.", asked.Error);
        Assert.Contains("--yes", asked.Error);
        Assert.Equal(2, (await shop.RunAsync(role, "bulk", "destroy", "label:waiter", "--yes")).ExitCode);
        Assert.Equal(4, (await shop.RunAsync(role, "bulk", "cancel", "labl:", "--yes")).ExitCode);
        Assert.Equal(3, (await shop.RunAsync(role, "list", "--json")).Json.EnumerateArray().Count());

        var done = await shop.RunAsync(role, "bulk", "cancel", "label:waiter", "--yes", "--reason", "over", "--wait");
        Assert.Equal(0, done.ExitCode);
        Assert.Contains("3 of 3 done, 0 failed", done.Output);
        var cancelled = (await shop.RunAsync(role, "search", "label:waiter", "status:cancelled", "--json")).Json.EnumerateArray().ToList();
        Assert.Equal(3, cancelled.Count);
        Assert.Contains("over (bulk ", await shop.Client(role).WhyAsync(cancelled[0].GetProperty("instance_id").GetString()!));

        var json = await shop.RunAsync(role, "bulk", "delete", "label:waiter", "--yes", "--json");
        Assert.Equal(3, json.Json.GetProperty("preview").GetProperty("acted_on").GetInt32());
        await shop.Client(role).Handle(json.Json.GetProperty("instance_id").GetString()!).WaitAsync(Patience);
        Assert.Empty((await shop.RunAsync(role, "search", "label:waiter", "--json")).Json.EnumerateArray());
    }

    [Fact]
    public async Task Why_SaysWhatAnInstanceWaitsFor()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role).StartAsync(Df.WaitForSignal("approval"));
        await Poll.UntilAsync("it waits", async () => (await run.WhyAsync()).Contains("signal", StringComparison.Ordinal));

        var why = await shop.RunAsync(role, "why", run.InstanceId);
        Assert.Contains("signal \"approval\"", why.Output);
        var json = (await shop.RunAsync(role, "why", run.InstanceId, "--json")).Json;
        Assert.Equal(await run.WhyAsync(), json.GetProperty("why").GetString());
        Assert.NotEqual(0, (await shop.RunAsync(role, "why", "ffffffff")).ExitCode);
    }

    [Fact]
    public async Task Fork_OfAFailedInstance_ContinuesFromAStep()
    {
        var role = await shop.RoleAsync();
        var client = shop.Client(role);
        var failed = await client.StartAsync(Df.Sql("SELECT 0 AS zero").As("z").Then(Df.Sql("SELECT 1 / $z.zero").As("ratio")));
        await Assert.ThrowsAsync<WorkflowFailedException>(() => failed.WaitAsync(Patience));

        var fork = await shop.RunAsync(role, "fork", failed.InstanceId, "ratio", "--label", "again", "--json");

        Assert.True(fork.ExitCode == 0, fork.Error);
        var run = client.Handle(fork.Json.GetProperty("instance_id").GetString()!);
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.WaitAsync(Patience));
        Assert.Equal("again", (await run.InfoAsync()).Label);
        Assert.Equal(["z", "ratio"], (await run.HistoryAsync()).Select(each => each.Step));
        var refused = await shop.RunAsync(role, "fork", failed.InstanceId, "no such step");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("the instance has no step \"no such step\"", refused.Error);
    }

    [Fact]
    public async Task ShowHistoryAndExplain_OfAFailedInstance_SayWhy()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role)
            .StartAsync(Df.Sql("SELECT 0 AS zero").As("z").Then("SELECT 1 / $z.zero"), label: "ratio \u001b[31m");
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.WaitAsync(Patience));

        var show = await shop.RunAsync(role, "show", run.InstanceId);
        Assert.Equal(0, show.ExitCode);
        Assert.Contains("division by zero", show.Output);
        Assert.Contains("ratio  [31m", show.Output);
        var json = (await shop.RunAsync(role, "show", run.InstanceId, "--json")).Json;
        Assert.Equal("failed", json.GetProperty("instance").GetProperty("status").GetString());
        Assert.Equal(await run.ExplainAsync(), json.GetProperty("tree").GetString());

        Assert.Equal(
            (await run.ExplainAsync()).Replace('\u001b', ' ') + "\n", (await shop.RunAsync(role, "explain", run.InstanceId)).Output);
        var history = (await shop.RunAsync(role, "history", run.InstanceId, "--json")).Json;
        Assert.Equal([false, true], history.EnumerateArray().Select(each => each.GetProperty("failed").GetBoolean()));
        Assert.Contains("division by zero", (await shop.RunAsync(role, "history", run.InstanceId)).Output);
    }

    [Fact]
    public async Task ShowExplainAndWatch_OfAnActivity_SayWhoRunsIt()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role).StartAsync(Df.Retry(Df.Activity("charge-card", queue: "payments").As("receipt")));
        await Poll.UntilAsync("the task is there", async () => await TaskAsync(role, "waiting"));
        var waiting = await shop.RunAsync(role, "show", run.InstanceId);
        Assert.Contains("ACTIVITY charge-card (payments) |=> 'receipt' ⏳", waiting.Output);
        Assert.Matches(@"charge-card\s+payments\s+waiting\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\s+1\s+0", waiting.Output);

        await shop.Cluster.ExecuteAsync(
            $$"""
            SET ROLE {{role}};
            SELECT df.extend_task(task, token, progress => '{"done": 0.5}') FROM df.claim_tasks(ARRAY['charge-card'], queue => 'payments')
            """);
        var running = await shop.RunAsync(role, "show", run.InstanceId);
        Assert.Matches($@"charge-card\s+payments\s+running\s+\S+ \S+\s+{role}\s+\S+ \S+Z\s+1\s+1\s+\{{""done"": 0.5\}}", running.Output);
        var task = Assert.Single((await shop.RunAsync(role, "show", run.InstanceId, "--json")).Json.GetProperty("tasks").EnumerateArray());
        Assert.Equal((role, "payments"), (task.GetProperty("claimed_by").GetString(), task.GetProperty("queue").GetString()));

        Assert.Contains("ACTIVITY charge-card (payments)", (await shop.RunAsync(role, "explain", run.InstanceId)).Output);
        await shop.Cluster.ExecuteAsync(
            $"SET ROLE {role}; SELECT df.complete_task(t.task_no, t.token, '\"r-7\"') FROM df.task_queue t WHERE t.name = 'charge-card'");
        var watch = await shop.RunAsync(role, "watch", run.InstanceId);
        Assert.Equal(0, watch.ExitCode);
        Assert.Contains("ACTIVITY charge-card (payments) |=> 'receipt' ✓", watch.Output);
        Assert.DoesNotContain("running", (await shop.RunAsync(role, "show", run.InstanceId)).Output);
    }

    private Task<bool> TaskAsync(string role, string status) => shop.Cluster.ScalarAsync<bool>(
        $"SELECT EXISTS (SELECT FROM df.tasks WHERE submitted_by = '{role}'::regrole AND status = '{status}')");

    [Fact]
    public async Task PauseSignalResume_LetItComplete()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role).StartAsync(Df.WaitForSignal("go"));
        Assert.Equal(0, (await shop.RunAsync(role, "pause", run.InstanceId)).ExitCode);
        var twice = await shop.RunAsync(role, "pause", run.InstanceId, "--json");
        Assert.Equal(4, twice.ExitCode);
        Assert.Equal("DF015", JsonElement.Parse(twice.Error).GetProperty("sql_state").GetString());
        Assert.Equal(0, (await shop.RunAsync(role, "signal", run.InstanceId, "go", """{"approved":true}""")).ExitCode);
        Assert.Equal(0, (await shop.RunAsync(role, "resume", run.InstanceId)).ExitCode);
        Assert.True(JsonElement.Parse((await run.ResultJsonAsync(Patience))!).GetProperty("data").GetProperty("approved").GetBoolean());

        var text = await shop.RunAsync(role, "signal", run.InstanceId, "go", "approved");
        Assert.Equal(2, text.ExitCode);
        Assert.Contains("isn't valid JSON", text.Error);
    }

    [Fact]
    public async Task Retry_FailedInstance_GoesOn()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role).StartAsync("INSERT INTO late VALUES (1)");
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.WaitAsync(Patience));
        await shop.Cluster.ExecuteAsync($"CREATE TABLE {role}.late (n int); GRANT INSERT ON {role}.late TO {role}");
        Assert.Equal(0, (await shop.RunAsync(role, "retry", run.InstanceId)).ExitCode);
        await run.WaitAsync(Patience);
    }

    [Fact]
    public async Task Cancel_WithAReason_SaysSo()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role).StartAsync(Df.WaitForSignal("go"));
        var cancel = await shop.RunAsync(role, "cancel", run.InstanceId, "--reason", "no longer needed");
        Assert.Equal($"Instance {run.InstanceId} is cancelled.\n", cancel.Output);
        Assert.Contains("no longer needed", (await run.InfoAsync()).Output);
    }

    [Fact]
    public async Task Watch_FollowsUntilTheEnd()
    {
        var role = await shop.RoleAsync();
        var run = await shop.Client(role).StartAsync(Df.WaitForSignal("go"));
        using var watch = ToolRun.Start(
            new Dictionary<string, string> { ["PGDURABLE_CONNECTION"] = shop.Cluster.ConnectionString(user: role) }, "watch",
            run.InstanceId, "--interval", "0.05", "--json");
        var first = JsonElement.Parse((await watch.StandardOutput.ReadLineAsync())!);
        Assert.Contains(first.GetProperty("status").GetString(), (string[])["pending", "running"]);
        await run.SignalAsync("go");
        var last = first;
        while (await watch.StandardOutput.ReadLineAsync() is { } line)
            last = JsonElement.Parse(line);
        await watch.WaitForExitAsync();
        Assert.Equal((0, "completed"), (watch.ExitCode, last.GetProperty("status").GetString()));
        Assert.Contains("SIGNAL 'go'", last.GetProperty("tree").GetString());

        var failed = await shop.Client(role).StartAsync("SELECT 1/0");
        Assert.Equal(1, (await shop.RunAsync(role, "watch", failed.InstanceId)).ExitCode);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("history")]
    [InlineData("explain")]
    [InlineData("watch")]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("retry")]
    [InlineData("signal", "go")]
    public async Task EveryCommand_UnknownInstance_IsRefused(string command, params string[] more)
    {
        var role = await shop.RoleAsync();
        var run = await shop.RunAsync(role, [command, "00000000", .. more]);
        Assert.Equal((4, ""), (run.ExitCode, run.Output));
        Assert.Contains("Workflow instance '00000000' was not found", run.Error);
    }
}

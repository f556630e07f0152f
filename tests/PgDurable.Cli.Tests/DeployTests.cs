using PgDurable.TestKit;

namespace PgDurable.Cli.Tests;

/// <summary><c>pgdurable script</c>, <c>register</c> and <c>diff</c>.</summary>
[Collection(ShopCollection.Name)]
public sealed class DeployTests(Shop shop)
{
    [Fact]
    public async Task Register_ForARole_RegistersOnceAndAgain()
    {
        var role = await shop.RoleAsync();
        for (var i = 0; i < 2; i++)
        {
            var run = await shop.RunAsync("deployer", "register", "-a", ToolRun.App, "--role", role);
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.Contains("archive version 2 is registered", run.Output);
        }

        Assert.Equal("approve-order 1, archive 2, note-of-order 1", await RegisteredAsync(role));
    }

    [Fact]
    public async Task Register_ChangedGraph_IsRefused()
    {
        var role = await shop.RoleAsync();
        await RegisterAsync(role, "archive", 2);
        var run = await shop.RunAsync(role, "register", "-a", ToolRun.App);
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("Version = 3", run.Error);
        Assert.Equal("archive 2", await RegisteredAsync(role));
    }

    [Fact]
    public async Task Script_InPsql_Registers_AndDropTakesItBack()
    {
        var role = await shop.RoleAsync();
        var file = Path.Combine(shop.Cluster.Folder, role + ".sql");
        Assert.Equal(0, (await shop.RunAsync("nobody", "script", "-a", ToolRun.App, "--role", role, "--output", file)).ExitCode);
        await shop.Cluster.RunProgramAsync("psql", "-v", "ON_ERROR_STOP=1", "-f", file);
        Assert.Equal("approve-order 1, archive 2, note-of-order 1", await RegisteredAsync(role));

        var drop = await shop.RunAsync("nobody", "script", "-a", ToolRun.App, "--role", role, "--drop", "--workflow", "archive");
        await shop.Cluster.RunProgramAsync("psql", "-v", "ON_ERROR_STOP=1", "-c", drop.Output);
        Assert.Equal("approve-order 1, note-of-order 1", await RegisteredAsync(role));
    }

    [Fact]
    public async Task Diff_NothingRegistered_IsAllNew()
    {
        var role = await shop.RoleAsync();
        var run = await shop.RunAsync(role, "diff", "-a", ToolRun.App);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("No instances of registered workflows are running.", run.Output);
        Assert.Matches(@"approve-order\s+1\s+new", run.Output);
    }

    [Fact]
    public async Task Diff_NewVersion_LeavesRunningInstancesTheirs()
    {
        var role = await shop.RoleAsync();
        await RegisterAsync(role, "archive", 1);
        var id = await StartAsync(role, "archive");
        await shop.RunAsync(role, "register", "-a", ToolRun.App, "-w", "approve-order");
        var same = await StartAsync(role, "approve-order");

        var run = await shop.RunAsync("deployer", "diff", "-a", ToolRun.App, "--role", role, "--json");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Equal("approve-order 1 unchanged, archive 1 only_in_database, archive 2 new_version, note-of-order 1 new", Changes(run));
        Assert.Equal([$"{same} unaffected", $"{id} stays_on_its_version"], Effects(run));
        var people = await shop.RunAsync("deployer", "diff", "-a", ToolRun.App, "--role", role);
        Assert.Contains("new starts use version 2; can be migrated", people.Output);
        Assert.Contains(
            "1 of 1 instance can be migrated, once version 2 is registered: pgdurable migrate archive --from 1 --to 2", people.Output);
    }

    [Fact]
    public async Task Migrate_RunningInstances_MovesThoseThatCan()
    {
        var role = await shop.RoleAsync();
        await RegisterAsync(role, "archive", 1);
        var waiting = (await shop.Client(role).StartByNameAsync("archive", "{}")).InstanceId;
        await Poll.UntilAsync(
            "it waits", () => shop.Cluster.ScalarAsync<bool>($"SELECT count(*) = 1 FROM df.waiting WHERE id = '{waiting}'"));
        var later = await StartAsync(role, "archive");
        await shop.Cluster.ExecuteAsync($"SET ROLE {role}; SELECT df.register_workflow('archive', df.wait_for_signal('now'), 2)");

        var dry = await shop.RunAsync(role, "migrate", "archive", "--from", "1", "--to", "2", "--dry-run");
        Assert.Equal(1, dry.ExitCode);
        Assert.Contains("1 instance can be moved, 1 not.", dry.Output);
        var run = await shop.RunAsync(role, "migrate", "archive", "--from", "1", "--to", "2", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            [$"{waiting} False", $"{later} True"],
            run.Json.EnumerateArray().Select(
                each => $"{each.GetProperty("instance_id").GetString()} {each.GetProperty("is_moved").GetBoolean()}"));
        Assert.Contains("step \"SIGNAL 'never'\"", run.Json[0].GetProperty("reason").GetString());
        Assert.Equal(4, (await shop.RunAsync(role, "migrate", "archive", "--from", "1", "--to", "3")).ExitCode);
    }

    [Fact]
    public async Task Diff_ChangedGraphOrWorkflowThatIsGone_MustDrain()
    {
        var role = await shop.RoleAsync();
        await RegisterAsync(role, "archive", 2);
        await RegisterAsync(role, "gone", 1);
        var changed = await StartAsync(role, "archive");
        var gone = await StartAsync(role, "gone");

        var run = await shop.RunAsync(role, "diff", "-a", ToolRun.App, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("approve-order 1 new, archive 2 refused, gone 1 only_in_database, note-of-order 1 new", Changes(run));
        Assert.Equal([$"{changed} must_drain", $"{gone} must_drain"], Effects(run));
        var people = await shop.RunAsync(role, "diff", "-a", ToolRun.App);
        Assert.Contains("must drain", people.Output);
        Assert.Contains("give the changed workflow version 3", people.Output);
    }

    [Fact]
    public async Task Assembly_MissingOrWithoutWorkflows_IsAUsageError()
    {
        var missing = await shop.RunAsync("nobody", "script", "-a", "/nowhere/App.dll");
        Assert.Equal((2, ""), (missing.ExitCode, missing.Output));
        Assert.Contains("The file /nowhere/App.dll doesn't exist", missing.Error);
        var none = await shop.RunAsync("nobody", "script", "-a", typeof(DeployTests).Assembly.Location);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("has no workflows", none.Error);
        var other = await shop.RunAsync("nobody", "script", "-a", ToolRun.App, "-w", "archiv");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("It has: approve-order, archive, note-of-order", other.Error);
    }

    private Task RegisterAsync(string role, string name, int version) =>
        shop.Cluster.ExecuteAsync($"SET ROLE {role}; SELECT df.register_workflow('{name}', df.wait_for_signal('never'), {version})");

    // It never starts.
    private async Task<string> StartAsync(string role, string name) =>
        (await shop.Client(role).StartByNameAsync(name, "{}", options: new() { StartAt = DateTimeOffset.UtcNow.AddHours(1) })).InstanceId;

    private Task<string> RegisteredAsync(string role) => shop.Cluster.ScalarAsync<string>(
        "SELECT coalesce(string_agg(concat_ws(' ', workflow, version), ', ' ORDER BY workflow), '') FROM df.workflow_versions "
            + $"WHERE owner = '{role}'::regrole");

    private static string Changes(ToolRun run) => string.Join(", ", run.Json.GetProperty("workflows").EnumerateArray().Select(
        each => $"{each.GetProperty("name").GetString()} {each.GetProperty("version").GetInt32()} "
            + $"{each.GetProperty("change").GetString()}"));

    private static IEnumerable<string> Effects(ToolRun run) => run.Json.GetProperty("instances").EnumerateArray().Select(
        each => $"{each.GetProperty("instance_id").GetString()} {each.GetProperty("effect").GetString()}");
}

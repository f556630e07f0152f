namespace PgDurable.Cli.Tests;

/// <summary><c>pgdurable check</c> finds activities that nothing implements.</summary>
[Collection(ShopCollection.Name)]
public sealed class CheckActivitiesTests(Shop shop)
{
    [Fact]
    public async Task Check_ActivityOfAnotherAssembly_IsMissingUntilThatIsNamed()
    {
        var role = await shop.RoleAsync();
        var missing = await shop.RunAsync(role, "check", "-a", ToolRun.Checkout);
        Assert.Equal(1, missing.ExitCode);
        Assert.Matches(
            @"Workflows\.cs:13: checkout 1, step 'send-mail': nothing implements the activity 'send-mail' \(there are: charge-card\)",
            missing.Output);
        Assert.Contains("--activities", missing.Output);
        Assert.Contains("0 statements and 3 activities checked, 3 findings, 0 not checked.", missing.Output);

        var complete = await shop.RunAsync(role, "check", "-a", ToolRun.Checkout, "--activities", ToolRun.App);
        Assert.True(complete.ExitCode == 0, complete.Output + complete.Error);
        Assert.Contains("0 statements and 3 activities checked, 0 findings", complete.Output);
    }

    [Fact]
    public async Task Check_OneWorkflow_LooksAtThoseThatItCalls()
    {
        var role = await shop.RoleAsync();
        var run = await shop.RunAsync(role, "check", "-a", ToolRun.Checkout, "-w", "checkout", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            ["checkout send-mail", "ship print-label"], run.Json.GetProperty("findings").EnumerateArray().Select(each =>
                $"{each.GetProperty("workflow").GetString()} {each.GetProperty("step").GetString()}"));
        Assert.Equal(3, run.Json.GetProperty("activities").GetInt32());

        var external = await shop.RunAsync(
            role, "check", "-a", ToolRun.Checkout, "-w", "ship", "--activity", "print-label", "--activity", "unused");
        Assert.True(external.ExitCode == 0, external.Output + external.Error);
        Assert.Contains("0 statements and 1 activity checked, 0 findings", external.Output);
    }

    [Fact]
    public async Task Check_AssemblyWithoutActivities_IsRefused()
    {
        var role = await shop.RoleAsync();
        var sdk = Path.Combine(Path.GetDirectoryName(ToolRun.App)!, "PgDurable.Sdk.dll");
        var run = await shop.RunAsync(role, "check", "-a", ToolRun.Checkout, "--activities", sdk);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("PgDurable.Sdk.dll has no activities", run.Error);
    }
}

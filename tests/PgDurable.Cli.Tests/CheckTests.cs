namespace PgDurable.Cli.Tests;

/// <summary><c>pgdurable check</c> finds what unit tests can't.</summary>
[Collection(ShopCollection.Name)]
public sealed class CheckTests(Shop shop)
{
    [Fact]
    public async Task Check_DatabaseThatFits_FindsNothing()
    {
        var role = await shop.RoleAsync();
        var run = await shop.RunAsync(role, "check", "--assembly", ToolRun.App);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("7 statements checked, 0 findings, 1 not checked.", run.Output);
        Assert.Contains("not checked: archive: VACUUM orders", run.Output);
    }

    public static TheoryData<string, string, string, string> Defects => new()
    {
        { "ALTER TABLE orders DROP COLUMN note", "42703", "column \"note\" does not exist", "order" },
        {
            "ALTER TABLE orders ALTER COLUMN total TYPE boolean USING true",
            "42883",
            "function tax_on(boolean) does not exist",
            "INSERT INTO audit (order_id, amount, who) VALUES"
        },
        { "ALTER TABLE orders ALTER COLUMN order_id TYPE text", "42883", "operator does not exist: text = integer", "order" },
        {
            "DROP FUNCTION tax_on(numeric)",
            "42883",
            "function tax_on(numeric) does not exist",
            "INSERT INTO audit (order_id, amount, who) VALUES"
        },
        {
            "REVOKE INSERT ON audit FROM {role}",
            "42501",
            "permission denied for table audit",
            "INSERT INTO audit (order_id, amount, who) VALUES"
        },
        {
            "REVOKE EXECUTE ON FUNCTION tax_on(numeric) FROM {role}",
            "42501",
            "permission denied for function tax_on",
            "INSERT INTO audit (order_id, amount, who) VALUES"
        },
        { "DROP TABLE audit", "42P01", "relation \"audit\" does not exist", "INSERT INTO audit (order_id, amount, who) VALUES" },
        { "REVOKE USAGE ON SCHEMA {role} FROM {role}", "42P01", "relation \"orders\" does not exist", "order" },
        {
            "REVOKE UPDATE ON orders FROM {role}; GRANT UPDATE (total) ON orders TO {role}",
            "42501",
            "permission denied for table orders",
            "UPDATE orders SET note"
        },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task Check_DatabaseThatDoesNotFit_NamesStepFileAndLine(string change, string sqlState, string message, string step)
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync($"SET search_path = {role}; {change.Replace("{role}", role, StringComparison.Ordinal)}");

        // Once as the role itself, once as a role that deploys for it.
        foreach (var user in (string[])[role, "deployer"])
        {
            var run = await shop.RunAsync(user, "check", "-a", ToolRun.App, "--workflow", "approve-order", "--role", role, "--json");
            Assert.True(run.ExitCode == 1, run.Output + run.Error);
            var finding = run.Json.GetProperty("findings")
                .EnumerateArray().First(each => each.GetProperty("sql_state").GetString() == sqlState);
            Assert.Contains(message, finding.GetProperty("message").GetString());
            Assert.StartsWith(step, finding.GetProperty("step").GetString());
            Assert.Matches(@"Workflows\.cs:1[0-9]$", finding.GetProperty("source").GetString());
        }
    }

    // A worker inserts text as a literal of unknown type.
    [Fact]
    public async Task Check_TextWhereANumberIsTaken_IsFine()
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync($"ALTER TABLE {role}.orders ALTER COLUMN total TYPE text");
        var run = await shop.RunAsync(role, "check", "-a", ToolRun.App, "--workflow", "approve-order", "--json");
        Assert.DoesNotContain(run.Json.GetProperty("findings").EnumerateArray(), finding =>
            finding.GetProperty("step").GetString()!.StartsWith("INSERT INTO audit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_ResultThatDoesNotFitItsType_NamesTheProperty()
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync($"ALTER TABLE {role}.orders ALTER COLUMN note TYPE int USING 0");
        var run = await shop.RunAsync(role, "check", "-a", ToolRun.App, "-w", "note-of-order");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("column 'note' of the result has type integer, but Found.Note needs text", run.Output);
        Assert.Contains("1 statement checked, 1 finding", run.Output);
    }

    [Fact]
    public async Task Check_ForPeople_IsOneLineToClickOn()
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync($"ALTER TABLE {role}.orders DROP COLUMN total");
        var run = await shop.RunAsync(role, "check", "-a", ToolRun.App);
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"Workflows\.cs:\d+: approve-order 1, step 'order': column ""total"" does not exist \(SQLSTATE 42703\)", run.Output);
        Assert.Matches(@"Workflows\.cs:\d+: archive 2, step 'old': column ""total"" does not exist", run.Output);
    }

    [Fact]
    public async Task Check_ChangesNothing()
    {
        var role = await shop.RoleAsync();
        await shop.Cluster.ExecuteAsync($"INSERT INTO {role}.orders VALUES (1, 2, 'x', 3)");
        Assert.Equal(0, (await shop.RunAsync(role, "check", "-a", ToolRun.App)).ExitCode);
        Assert.Equal("1 x 0", await shop.Cluster.ScalarAsync<string>(
            $"SELECT concat_ws(' ', count(*), max(note), (SELECT count(*) FROM {role}.audit)) FROM {role}.orders"));
    }
}

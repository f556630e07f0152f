using System.Text.Json;
using Npgsql;

namespace PgDurable.Cli.Tests;

/// <summary>Where the tool connects to, what it says when it can't, and what it never says.</summary>
[Collection(ShopCollection.Name)]
public sealed class ConnectionTests(Shop shop)
{
    private const string Secret = "s3cr3t-p4ss";

    [Fact]
    public async Task Connection_FromTheEnvironmentOfPsql_IsTaken()
    {
        var role = await shop.RoleAsync();
        var settings = new NpgsqlConnectionStringBuilder(shop.Cluster.ConnectionString());
        var run = await ToolRun.RunAsync(
            new Dictionary<string, string>
            {
                ["PGHOST"] = settings.Host!,
                ["PGPORT"] = settings.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["PGDATABASE"] = settings.Database!,
                ["PGUSER"] = role,
            },
            "list", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("[]\n", run.Output);
    }

    [Fact]
    public async Task Connection_OptionGoesBeforeTheEnvironment()
    {
        var role = await shop.RoleAsync();
        var run = await ToolRun.RunAsync(
            new Dictionary<string, string> { ["PGDURABLE_CONNECTION"] = "Host=/nowhere" }, "list", "--connection",
            shop.Cluster.ConnectionString(user: role));
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Theory]
    [InlineData($"Host=127.0.0.1;Port=1;Username=u;Password={Secret};Database=d", 3)]
    [InlineData($"Host=/nowhere;Username=u;Password={Secret};Database=d", 3)]
    [InlineData($"postgres://u:{Secret}@localhost/d", 2)]
    [InlineData($"Host=localhost;Pasword={Secret}", 2)]
    [InlineData($"Host=localhost;Port={Secret}", 2)]
    public async Task Connection_ThatFails_SaysSoWithoutTheSecret(string connection, int exitCode)
    {
        foreach (var json in (string[][])[[], ["--json"]])
        {
            var run = await ToolRun.RunAsync(new Dictionary<string, string> { ["PGDURABLE_CONNECTION"] = connection }, ["list", .. json]);
            Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
            Assert.NotEqual("", run.Error);
            Assert.DoesNotContain(Secret, run.Error);
            if (json.Length > 0)
                Assert.NotNull(JsonElement.Parse(run.Error).GetProperty("error").GetString());
        }
    }

    [Theory]
    [InlineData("Database=missing", 3)]
    [InlineData("Username=missing", 3)]
    [InlineData("Database=template1", 4)]
    public async Task Connection_ToTheWrongPlace_IsToldApart(string other, int exitCode)
    {
        var run = await ToolRun.RunAsync(
            new Dictionary<string, string> { ["PGDURABLE_CONNECTION"] = $"{shop.Cluster.ConnectionString()};{other}" }, "list");
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("list", "--limit", "0")]
    [InlineData("list", "--status", "done")]
    [InlineData("check")]
    [InlineData("show")]
    [InlineData("watch", "00000000", "--interval", "0")]
    public async Task CommandLine_Wrong_ReturnsTwo(params string[] arguments) =>
        Assert.Equal(2, (await ToolRun.RunAsync(new Dictionary<string, string>(), arguments)).ExitCode);

    [Fact]
    public async Task Version_IsThatOfTheTool()
    {
        var version = await ToolRun.RunAsync(new Dictionary<string, string>(), "--version");
        Assert.Equal(0, version.ExitCode);
        Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+", version.Output);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show", "00000000")]
    [InlineData("diff", "-a", "App")]
    [InlineData("register", "-a", "App")]
    public async Task Database_WithoutPgDurable_SaysWhatToDo(params string[] arguments)
    {
        var database = $"without_{arguments[0]}";
        await shop.Cluster.ExecuteAsync($"CREATE DATABASE {database}");
        var run = await ToolRun.RunAsync(
            new Dictionary<string, string> { ["PGDURABLE_CONNECTION"] = shop.Cluster.ConnectionString(database) },
            [.. arguments.Select(each => each == "App" ? ToolRun.App : each)]);
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("PgDurable isn't installed in this database", run.Error, StringComparison.Ordinal);
        Assert.Contains("run CREATE EXTENSION pg_durable", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_NamesEveryCommand()
    {
        var help = await ToolRun.RunAsync(new Dictionary<string, string>(), "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("  pgdurable [command]", help.Output, StringComparison.Ordinal);
        string[] commands =
        [
            "script", "register", "diff", "check", "prepare", "list", "show", "watch", "history", "signal", "cancel", "pause", "resume",
            "retry", "explain", "doctor",
        ];
        foreach (var command in commands)
            Assert.Contains($"  {command} ", help.Output);
    }
}

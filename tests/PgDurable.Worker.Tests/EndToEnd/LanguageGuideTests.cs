using System.Text.RegularExpressions;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>docs/language.md: every example in its tables can be started.</summary>
[Collection(WorkerCollection.Name)]
public sealed partial class LanguageGuideTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Examples_All_AreAccepted()
    {
        await using var user = await fixture.UserAsync();
        await fixture.Cluster.ExecuteAsync($"SELECT df.grant_usage('{user.Role}', include_http => true)");
        await user.ExecuteAsync("SELECT df.register_workflow('ship-order', df.sql('SELECT 1'))");
        var examples = File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "language.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => Code().Matches(line).Select(match => match.Groups[1].Value.Replace("\\|", "|", StringComparison.Ordinal)))
            .Where(code => Expression().IsMatch(code))
            .ToList();

        Assert.True(examples.Count > 20, $"only {examples.Count} examples were found");
        foreach (var example in examples)
        {
            await user.ExecuteAsync("BEGIN");
            Assert.Equal(8, (await user.StartGraphAsync($"{example}, input => '{{\"order_id\": 1}}'")).Length);
            await user.ExecuteAsync("ROLLBACK");
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(\(?'|@>|df\.(?!setvar|start|wait_for_signal\(.*SELECT df)\w+\()")]
    private static partial Regex Expression();
}

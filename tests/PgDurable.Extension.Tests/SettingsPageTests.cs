using System.Text.RegularExpressions;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests;

public sealed partial class SettingsPageTests
{
    [Fact]
    public async Task Settings_OfTheModule_AreThoseOfTheirPage()
    {
        await using var cluster = await PgCluster.StartAsync();
        var settings = await cluster.ScalarAsync<string[]>("SELECT array_agg(name) FROM pg_settings WHERE name LIKE 'pg\\_durable.%'");

        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "settings.md"));
        var described = Row().Matches(page).Select(match => match.Groups[1].Value);
        Assert.Equal(settings.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `(pg_durable\.\w+)`", RegexOptions.Multiline)]
    private static partial Regex Row();
}

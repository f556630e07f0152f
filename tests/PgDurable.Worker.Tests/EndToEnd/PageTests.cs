using System.Text.RegularExpressions;

namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Pages whose SQL can be pasted into psql, from the first statement to the last.</summary>
[Collection(WorkerCollection.Name)]
public sealed partial class PageTests(WorkerFixture fixture)
{
    [Theory]
    [InlineData("registration.md")]
    [InlineData("schedules.md")]
    public async Task Statements_OfThePage_DoWhatTheySay(string page)
    {
        await using var user = await fixture.UserAsync();
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", page));
        var blocks = Block().Matches(text).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(blocks);
        foreach (var block in blocks)
            await user.ExecuteAsync(block);

        if (page == "registration.md")
            Assert.Equal(2, await user.ScalarAsync<int>("SELECT latest_version FROM df.workflows"));
        else
            Assert.Equal(0L, await user.ScalarAsync<long>("SELECT count(*) FROM df.schedules"));
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}

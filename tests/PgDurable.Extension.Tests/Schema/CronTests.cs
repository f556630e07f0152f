using PgDurable.Extension.Tests.Store;

namespace PgDurable.Extension.Tests.Schema;

[Collection(StoreCollection.Name)]
public sealed class CronTests(StoreFixture fixture)
{
    [Fact]
    public async Task CronDefect_TableOfExpressions_IsWhatItSays()
    {
        await using var user = await fixture.UserAsync();
        foreach (var (cron, problem) in CronTable.Rows())
            Assert.Equal((cron, problem), (cron, await user.ScalarAsync<string?>("SELECT df._cron_defect($1)", cron)));
    }
}

using PgDurable.Generators.Checks;

namespace PgDurable.Generators.Tests.Checks;

public sealed class CronTableTests
{
    [Fact]
    public void Problem_TableOfExpressions_IsWhatItSays() =>
        Assert.All(CronTable.Rows(), row => Assert.Equal(row.Problem, CronCheck.Problem(row.Cron)));
}

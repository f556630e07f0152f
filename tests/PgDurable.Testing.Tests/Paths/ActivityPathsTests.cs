namespace PgDurable.Testing.Tests.Paths;

public sealed class ActivityPathsTests
{
    static readonly PathOptions NoFailures = new() { MaxFailures = 0 };

    [Fact]
    public void Explore_Activity_CompletesWithWhatIsUsedOrFails()
    {
        var report = WorkflowPaths.Explore(Df.Activity("charge-card", "$input.account").As("receipt").Then("UPDATE t SET x = $receipt.id"));

        Assert.Equal(["receipt: completes", "receipt: fails (DF022)"], report.Paths.Select(path => path.Choices[0]).Distinct());
        Assert.Equal(["receipt", "UPDATE t SET x = $receipt.id"], report.Paths[0].Steps);
        Assert.Matches("receipt → {.*\"id\":", report.Paths[0].Trace);
        Assert.Equal(DurableErrorCodes.ActivityFailed, report.Paths[^1].Error!.SqlState);
        Assert.Empty(report.Defects);
    }

    [Fact]
    public void Explore_ActivityInARetry_FailsOnceEveryTimeAndForGood()
    {
        var report = WorkflowPaths.Explore(Df.Retry(Df.Activity("send-mail"), 4));

        Assert.Equal(
            ["send-mail: completes", "send-mail: fails (DF022), send-mail: completes",
                "send-mail: fails (DF022), send-mail: fails every time", "send-mail: fails for good"],
            report.Paths.Select(path => string.Join(", ", path.Choices)));
        Assert.Equal([1, 2, 4, 1], report.Paths.Select(path => path.Steps.Count));
    }

    [Fact]
    public void Explore_ActivityInARetryOfOtherStates_FailsWithThose() => Assert.Equal(
        "CARD1", WorkflowPaths.Explore(Df.Retry(Df.Activity("send-mail"), 2, retryOn: ["CARD1"])).Paths[2].Error!.SqlState);

    [Fact]
    public void Explore_ActivityWithAList_HasNoOneAndTwoItems()
    {
        var report = WorkflowPaths.Explore(
            Df.Activity("find").As("list").Then(Df.ForEach("list", Df.Activity("work", "$item.id").As("w"))), NoFailures);

        Assert.Equal([0, 1, 2], report.Paths.Select(path => path.Steps.Count(step => step == "w")).Order());
        Assert.Empty(report.Defects);
    }

    [Fact]
    public void Explore_ActivityAsACondition_TakesBothWays()
    {
        var report = WorkflowPaths.Explore(
            Df.If(Df.Activity("is-fraud"), "INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1)"), NoFailures);

        Assert.Equal(["INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1)"], report.Paths.Select(path => path.Steps[^1]));
    }

    [Fact]
    public void Explore_ActivityInATimeout_IsInTimeOrNot()
    {
        var report = WorkflowPaths.Explore(Df.Try(Df.Timeout(Df.Activity("x"), 60), "INSERT INTO late VALUES (1)"), NoFailures);

        Assert.Equal(["x", "TIMEOUT"], report.Paths.Select(path => path.Steps[0]));
    }
}

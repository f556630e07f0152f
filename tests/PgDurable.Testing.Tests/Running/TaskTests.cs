using System.Text.Json.Nodes;
using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Running;

public sealed class TaskTests
{
    static readonly DfNode Mail = Df.Activity("send-mail", "hello");

    static readonly DfNode Late = Df.Sql("SELECT 'late' AS s").As("late");

    [Fact]
    public async Task Executed_Activity_HasItsNamesAndInput()
    {
        var result = await WorkflowTest.For(Df.Activity("x", JsonNode.Parse("""{"a":[1]}""")).As("r").Then(Mail))
            .Answer("x", _ => 7).Answer("send-mail", _ => null).RunAsync();

        result.ShouldHaveRunExactly("r", "send-mail").ShouldHaveRunExactly("x", "send-mail");
        Assert.Throws<WorkflowTestException>(() => result.ShouldNotHaveRun("x"));
        Assert.Throws<WorkflowTestException>(() => result.ShouldHaveRunExactly("x"));
        var step = result.Executed[0];
        Assert.Equal(("r", "x", "x", """{"a":[1]}""", "7"), (step.Name, step.Activity, step.Sql, step.InputJson, step.ResultJson));
        Assert.Equal("""
            00:00:00          r: x {"a":[1]}
                                → 7
            00:00:00          send-mail "hello"
                                → null
            completed after 00:00:00 with null

            """.ReplaceLineEndings("\n"), result.Trace);
    }

    [Fact]
    public async Task Takes_Activity_TakesVirtualTime()
    {
        var result = await WorkflowTest.For(Df.Join(Df.Activity("x"), Mail)).Answer("x", _ => 1).Answer("send-mail", _ => 2)
            .Takes("x", TimeSpan.FromMinutes(3)).RunAsync();

        Assert.Equal("[1,2]", result.ResultJson);
        Assert.Equal(TimeSpan.FromMinutes(3), result.Elapsed);
        Assert.Equal(["send-mail", "x"], result.Executed.Select(step => step.Name));
    }

    [Fact]
    public async Task Takes_LongerThanATimeout_TimesOutAndNeverRuns()
    {
        var result = await WorkflowTest.For(Df.Try(Df.Timeout(Mail, 30), Late)).Answer("send-mail", _ => 1)
            .Takes("send-mail", TimeSpan.FromHours(1)).RunAsync();

        result.ShouldHaveRunExactly("late");
        Assert.Equal(TimeSpan.FromSeconds(30), result.Elapsed);
    }

    // A task that has ended in time decides, even if its instance comes to read that when the time is up.
    [Fact]
    public async Task Takes_AsLongAsATimeout_CompletesInTime()
    {
        var result = await WorkflowTest.For(Df.Try(Df.Timeout(Mail.As("m"), 30), Late)).Answer("send-mail", _ => 1)
            .Takes("send-mail", TimeSpan.FromSeconds(30)).StopAfter(TimeSpan.FromHours(1)).RunAsync();

        result.ShouldComplete().ShouldHaveRunExactly("m");
        Assert.True(result.Elapsed < TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task Takes_RetriedWithATimeout_HasADeadlineForEachAttempt()
    {
        var deadlines = new List<double>();
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var result = await WorkflowTest.For(Df.Retry(Df.Timeout(Mail, 30), 3, 1)).Answer("send-mail", (_, step) =>
        {
            deadlines.Add((step.ActivityContext!.Deadline!.Value - start).TotalSeconds);
            return step.ActivityContext.Attempt == 2 ? 1 : throw new ActivityException("no");
        }).Takes("send-mail", TimeSpan.FromSeconds(29)).RunAsync();

        result.ShouldComplete();
        Assert.Equal([30, 29 + 1 + 30], deadlines);
    }

    [Fact]
    public async Task Run_LoserOfARace_NeverRuns()
    {
        var result = await WorkflowTest.For(Df.Race(Mail, Df.Sql("SELECT 1 AS v").As("fast")).Then(Df.Sleep(3600)))
            .Answer("send-mail", _ => 1).Takes("send-mail", TimeSpan.FromMinutes(1)).RunAsync();

        result.ShouldComplete().ShouldNotHaveRun("send-mail");
    }

    [Fact]
    public async Task Run_CancelledWorkflow_NeverRuns()
    {
        var result = await WorkflowTest.For(Mail).Answer("send-mail", _ => 1).Takes("send-mail", TimeSpan.FromMinutes(1))
            .CancelAfter(TimeSpan.FromSeconds(30)).RunAsync();

        Assert.Equal(WorkflowStatus.Cancelled, result.ShouldNotHaveRun("send-mail").Status);
    }

    [Fact]
    public async Task StopAfter_DuringAnActivity_ShowsWhatItWaitsFor()
    {
        var result = await WorkflowTest.For(Mail).Answer("send-mail", _ => 1).Takes("send-mail", TimeSpan.FromMinutes(1))
            .StopAfter(TimeSpan.FromSeconds(30)).RunAsync();

        Assert.Equal(["activity 'send-mail'"], result.ShouldWait("send-mail").WaitsFor);
    }

    [Fact]
    public async Task CrashDuring_Activity_DeliversItAgain()
    {
        var sent = new List<string>();
        var keys = new List<Guid>();
        var result = await WorkflowTest.For(Df.Retry(Mail, 2, 1)).Use(SendMail.Definition, new SendMail(sent))
            .CrashDuring("send-mail").CrashDuring("send-mail", attempt: 2).RunAsync();

        result.ShouldComplete();
        Assert.Equal(["hello 1 1 ", "hello 2 1 x", "hello 3 1 xx"], sent);
        Assert.Equal([true, true, false], result.Executed.Select(step => step.Crashed));
        await WorkflowTest.For(Mail).Answer(SendMail.Definition, (_, step) => keys.Add(step.ActivityContext!.IdempotencyKey))
            .CrashDuring("send-mail").RunAsync();
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public async Task CrashDuring_NextAttempt_HasItsOwnDeliveriesAndProgress()
    {
        var seen = new List<(int Attempt, int Delivery, string? Progress)>();
        var result = await WorkflowTest.For(Df.Retry(Mail, 2, 1)).Answer(SendMail.Definition, (input, step) =>
        {
            var context = step.ActivityContext!;
            seen.Add((context.Attempt, context.Delivery, context.Progress?.GetString()));
            _ = context.ReportProgressAsync("half");
            if (seen.Count == 2)
                throw new ActivityException("no");
        }).CrashDuring("send-mail").RunAsync();

        result.ShouldComplete();
        Assert.Equal([(1, 1, null), (1, 2, "half"), (2, 1, null)], seen);
    }

    [Fact]
    public async Task CrashDuring_TenTimes_FailsForGood()
    {
        var test = WorkflowTest.For(Df.Retry(Mail, 3, 1)).Answer("send-mail", _ => 1);
        for (var i = 1; i <= 10; i++)
            test.CrashDuring("send-mail", i);
        var result = await test.RunAsync();

        Assert.Contains("claimed 10 times", result.ShouldFail(DurableErrorCodes.ActivityFailed).Error!.Message, StringComparison.Ordinal);
        Assert.Equal(10, result.Executed.Count);
    }

    [Fact]
    public async Task CrashAfter_Activity_IsNotRunAgain()
    {
        var result = await WorkflowTest.For(Mail.As("m").Then("SELECT $m AS v")).Answer("send-mail", _ => 4).CrashAfter("send-mail")
            .RunAsync();

        Assert.Equal(4, result.Output.GetProperty("rows")[0].GetProperty("v").GetInt32());
        result.ShouldHaveRunExactly("m", "SELECT $m AS v");
    }

    [Fact]
    public async Task CrashAfterEveryStep_ActivitiesOfAllKinds_RunOnce()
    {
        var work = Df.Activity("work", JsonNode.Parse("""{"n":"$item"}"""));
        var graph = Df.ForEach("input", Df.Retry(work, 3, 1)).Then(Df.Try(Df.Activity("fail"), Df.Join(Mail, Df.Sql("SELECT 1 AS v"))));
        var result = await WorkflowTest.For(graph, "[1,2,3]").Answer("work", input => input).Answer("send-mail", _ => 1)
            .Answer("fail", _ => throw new ActivityException("no")).CrashAfterEveryStep().RunAsync();

        result.ShouldComplete();
        Assert.Equal(6, result.Executed.Count);
    }

    [Fact]
    public async Task CrashAfter_OtherBranch_LeavesTheActivityAlone()
    {
        var result = await WorkflowTest.For(Df.Join(Mail, Df.Sql("SELECT 1 AS v").As("a"))).Answer("send-mail", _ => 1)
            .Takes("send-mail", TimeSpan.FromMinutes(1)).CrashAfter("a").RunAsync();

        result.ShouldComplete().ShouldHaveRunExactly("a", "send-mail");
        Assert.Equal(TimeSpan.FromMinutes(1), result.Elapsed);
    }

    [Fact]
    public async Task StopAfterStep_Activity_Stops()
    {
        var result = await WorkflowTest.For(Df.Loop(Mail)).Answer("send-mail", _ => 1).StopAfterStep("send-mail", times: 3).RunAsync();

        Assert.Equal(3, result.Executed.Count);
    }

    [Fact]
    public async Task Run_TwoChildrenInARow_ParentWaitsForTheSecond()
    {
        var first = Definitions.Of("first", Mail);
        var second = Definitions.Of("second", Df.Sleep(60));
        var result = await WorkflowTest.For(Df.Call("first").Then(Df.Call("second"))).Child(first).Child(second)
            .Answer("send-mail", _ => 1).RunAsync();

        Assert.Equal(TimeSpan.FromMinutes(1), result.ShouldComplete().Elapsed);
    }
}

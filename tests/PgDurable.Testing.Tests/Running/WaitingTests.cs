using System.Text.Json;

namespace PgDurable.Testing.Tests.Running;

public sealed class WaitingTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task RunAsync_SignalNeverComes_SaysWhatItWaitsFor()
    {
        var result = await WorkflowTest.For(Df.Sleep(5).Then(Df.WaitForSignal("go"))).RunAsync();

        Assert.Equal(WorkflowStatus.Running, result.Status);
        Assert.Equal(["signal 'go'"], result.WaitsFor);
        result.ShouldWait("go");
        Assert.Contains("waits forever for signal 'go'", Assert.Throws<WorkflowTestException>(() => result.Output).Message);
    }

    [Fact]
    public async Task RunAsync_YearsOfSleep_EndAtOnce()
    {
        var result = await WorkflowTest.For(Df.Sleep(86400L * 365 * 100)).RunAsync();

        Assert.Equal(TimeSpan.FromDays(36500), result.ShouldComplete().Elapsed);
    }

    [Fact]
    public async Task RunAsync_EndlessWithoutWait_IsToldToStop() => Assert.Contains(
        ".StopAfter", (await Assert.ThrowsAsync<WorkflowTestException>(() => WorkflowTest.For(Df.Loop("SELECT 1")).RunAsync())).Message);

    [Fact]
    public async Task StopAfterStep_Loop_EndsWithTheRound()
    {
        var result = await WorkflowTest.For(Df.Loop(Df.Sql("SELECT 1 AS a").As("a"))).StopAfterStep("a", times: 3).RunAsync();

        Assert.Equal(3, result.Executed.Count);
        Assert.Equal(TimeSpan.FromSeconds(2), result.Elapsed);
        Assert.Equal(WorkflowStatus.Running, result.Status);
    }

    [Fact]
    public async Task MinLoopInterval_IsThePaceOfEndlessLoops()
    {
        var result = await WorkflowTest.For(Df.Loop(Df.Sql("SELECT 1 AS a").As("a"))).MinLoopInterval(TimeSpan.FromSeconds(10))
            .StopAfterStep("a", times: 3).RunAsync();

        Assert.Equal(TimeSpan.FromSeconds(20), result.Elapsed);
    }

    [Fact]
    public async Task SignalAfter_BeforeTheWait_IsKept()
    {
        var result = await WorkflowTest.For(Df.Sleep(60).Then(Df.WaitForSignal("go"))).SignalAfter(TimeSpan.Zero, "go", "x").RunAsync();

        Assert.Equal("x", result.Output.GetProperty("data").GetString());
        Assert.Equal(TimeSpan.FromMinutes(1), result.Elapsed);
    }

    [Fact]
    public async Task SignalAfter_Two_AreTakenInTurn()
    {
        var result = await WorkflowTest
            .For(Df.WaitForSignal("go").As("a").Then(Df.WaitForSignal("go").As("b")).Then("SELECT $a.data AS a, $b.data AS b"))
            .SignalAfter(TimeSpan.FromSeconds(1), "go", 1).SignalAfter(TimeSpan.FromSeconds(2), "go", 2).RunAsync();

        Assert.Equal("""{"a":1,"b":2}""", result.Output.GetProperty("rows")[0].GetRawText());
    }

    [Fact]
    public async Task Race_SignalAgainstTime_TheFirstWins()
    {
        var graph = Df.Race(Df.WaitForSignal("go").Then("SELECT 'signal' AS s"), Df.Sleep(60).Then("SELECT 'time' AS s"));

        Assert.Contains("signal", (await WorkflowTest.For(graph).SignalAfter(TimeSpan.FromSeconds(59), "go").RunAsync()).ResultJson);
        Assert.Contains("time", (await WorkflowTest.For(graph).SignalAfter(TimeSpan.FromSeconds(61), "go").RunAsync()).ResultJson);
    }

    [Fact]
    public async Task Schedule_StartAt_CountsFromThere()
    {
        var result = await WorkflowTest.For(Df.WaitForSchedule("0 12 * * *")).StartAt(Start.AddHours(11.5)).RunAsync();

        Assert.Equal(TimeSpan.FromMinutes(30), result.Elapsed);
    }

    [Fact]
    public async Task CancelAfter_Waiting_IsCancelled()
    {
        var result = await WorkflowTest.For(Df.WaitForSignal("go")).CancelAfter(TimeSpan.FromDays(1), "not needed").RunAsync();

        Assert.Equal(WorkflowStatus.Cancelled, result.Status);
        Assert.Equal("canceled: not needed", result.Error!.Message);
    }

    [Fact]
    public async Task Timeout_OfASignal_Fails() =>
        Assert.Equal(TimeSpan.FromSeconds(1.5), (await WorkflowTest.For(Df.Timeout(Df.WaitForSignal("go"), 1.5m)).RunAsync())
            .ShouldFail("DF005").Elapsed);

    [Fact]
    public async Task Variables_Label_AreSubstituted()
    {
        var result = await WorkflowTest.For(Df.Sql("SELECT '{table}' AS t, '{sys_label}' AS l")).Variable("table", "orders")
            .Label("nightly").RunAsync();

        Assert.Equal("""{"t":"orders","l":"nightly"}""", result.Output.GetProperty("rows")[0].GetRawText());
    }

    [Fact]
    public async Task MaxSteps_LongLoop_MayBeRaised()
    {
        static WorkflowTest<JsonElement> Test() =>
            WorkflowTest.For(Df.Loop(Df.Sql("SELECT 1 AS a").As("a"))).MinLoopInterval(TimeSpan.Zero).StopAfterStep("a", times: 60);

        Assert.Equal(60, (await Test().RunAsync()).Executed.Count);
        var e = await Assert.ThrowsAsync<WorkflowTestException>(() => Test().MaxSteps(50).RunAsync());
        Assert.Contains("still running after 50 steps", e.Message);
        Assert.Contains(".MaxSteps(…)", e.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Test().MaxSteps(0));
    }

    [Fact]
    public async Task RunAsync_Twice_IsTheSame()
    {
        var test = WorkflowTest.For(Df.Retry("SELECT x FROM t", 4, 10)).FailStep("SELECT x", "57P01", attempts: 2).Rows("SELECT x", 1)
            .CrashAfter("SELECT x");

        Assert.Equal((await test.RunAsync()).Trace, (await test.RunAsync()).Trace);
    }

    [Fact]
    public async Task Definition_NotGenerated_SaysSo() => Assert.Contains(
        "has no Definition",
        (await Assert.ThrowsAsync<InvalidOperationException>(() => WorkflowTest.For<Bare, int>(1).RunAsync())).Message);

#pragma warning disable PGD0026 // The test is about a workflow without the attribute.
    sealed class Bare : IWorkflow<int>
#pragma warning restore PGD0026
    {
        public static Flow Define(Flow flow, int input) => throw new NotSupportedException();
    }
}

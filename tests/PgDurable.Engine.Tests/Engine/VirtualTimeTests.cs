using static PgDurable.Worker.Engine.Graphs;

namespace PgDurable.Worker.Engine;

/// <summary>Days of waiting, and clocks that jump.</summary>
public class VirtualTimeTests
{
    [Fact]
    public void Schedule_HourlyForADay_TicksTwentyFourTimesOnTheHour()
    {
        var run = new EngineRun(Loop(Then(Schedule("0 * * * *"), Step("tick"))));
        var ticks = new List<DateTimeOffset>();
        for (var hour = 0; hour < 24; hour++)
        {
            run.Now = Wait(run).Until!.Value;
            ticks.Add(run.Now);
            run.Feed(Wait(run).Execution, Wait(run).WhenDue, null);
            run.Now += TimeSpan.FromMinutes(7); // the step takes its time
            run.Complete("tick");
        }

        Assert.Equal(Enumerable.Range(1, 24).Select(hour => EngineRun.Began.AddHours(hour)), ticks);
    }

    [Fact]
    public void Sleep_ThirtyDays_EndsToTheSecondHoweverOftenTheWorkerIsRestarted()
    {
        var run = new EngineRun(Then(Step("a"), Sleep(30 * 86400)));
        run.Complete("a");
        for (var day = 0; day < 30; day++)
        {
            var recovered = WorkflowEngine.Recover(new WorkflowState(run.Graph, run.Facts), EngineRun.Began, run.Inputs);
            Assert.Equal(EngineRun.Began.AddDays(30), Assert.IsType<Command.Wait>(Assert.Single(recovered.Commands)).Until);
        }
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(86400)]
    public void Clock_Jumps_DeadlinesThatAreSetStayAndNewOnesCountFromThen(int seconds)
    {
        var run = new EngineRun(Join(Sleep(600), Then(Step("a"), Sleep(60))));
        run.Now += TimeSpan.FromSeconds(seconds);
        run.Complete("a");

        Assert.Equal(
            new[] { 600, seconds + 60 }.Select(after => (DateTimeOffset?)EngineRun.Began.AddSeconds(after)),
            run.State.InFlight.Values.Select(open => ((Command.Wait)open.Command).Until));
    }

    [Fact]
    public void Clock_PutBackInALoop_ThePauseIsNoLongerThanItsInterval()
    {
        var run = new EngineRun(Loop(Step("a"), minIntervalMs: 1000));
        run.Now -= TimeSpan.FromHours(1);
        run.Complete("a");

        Assert.Equal(run.Now.AddSeconds(1), Wait(run).Until);
    }

    [Fact]
    public void Clock_PutBack_UndosRunInTheReverseOrderOfTheirSteps()
    {
        var run = new EngineRun(Then(Undo(Step("a"), Step("undo a")), Undo(Step("b"), Step("undo b")), Fail("no")));
        run.Complete("a");
        run.Now -= TimeSpan.FromHours(1);
        run.Complete("b");

        Assert.Equal("undo b", ((Command.RunSql)Assert.Single(run.State.InFlight.Values).Command).Sql);
    }

    private static Command.Wait Wait(EngineRun run) => (Command.Wait)run.State.InFlight.Values.Single().Command;
}

using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class ActivityDeadlineTests
{
    private static Command.StartTask Task(EngineRun run) => Assert.IsType<Command.StartTask>(run.Find("ACTIVITY work"));

    [Theory]
    [InlineData(5, 9, 5)]
    [InlineData(9, 5, 5)]
    public void Start_InTimeouts_ItsDeadlineIsTheFirst(int outer, int inner, int expected)
    {
        var run = new EngineRun(Timeout(Try(Timeout(Activity("work"), inner), Step("handler")), outer));

        Assert.Equal(EngineRun.Began.AddSeconds(expected), Task(run).Deadline);
    }

    [Fact]
    public void Start_LaterInATimeout_ItsDeadlineIsWhenTheTimeoutEnds()
    {
        var run = new EngineRun(Timeout(Then(Sleep(3), Activity("work")), 10));
        run.Elapse("SLEEP");

        Assert.Equal(EngineRun.Began.AddSeconds(10), Task(run).Deadline);
    }

    [Fact]
    public void Start_BehindATimeout_HasNoDeadline()
    {
        var run = new EngineRun(Then(Timeout(Step("a"), 5), Activity("work")));
        run.Complete("a");

        Assert.Null(Task(run).Deadline);
    }

    [Fact]
    public void Recover_InTimeoutAndRetry_AsksForTheSameTask()
    {
        var run = new EngineRun(Retry(Timeout(Activity("work", """{"a":1}"""), 10)));
        run.Now += TimeSpan.FromSeconds(4);
        run.Fail("ACTIVITY work", isRetryable: true);
        run.Elapse("RETRY");
        var recovered = WorkflowEngine.Recover(new WorkflowState(run.Graph, run.Facts), EngineRun.Began, run.Inputs);

        Assert.Equal(Task(run), Assert.Single(recovered.Commands.OfType<Command.StartTask>()));
    }

    [Fact]
    public void Advance_TimeIsUp_StopsTheTaskAndFails()
    {
        var run = new EngineRun(Try(Timeout(Activity("work"), 1.5), Step("SELECT $error.sqlstate")));
        var late = Task(run).Execution;
        run.Elapse("TIMEOUT");

        Assert.Equal(["ACTIVITY@"], run.Stopped);
        Assert.Equal(["SELECT 'DF005'"], run.Commands);
        run.Feed(late, Json("1"), null);
        Assert.Equal(["SELECT 'DF005'"], run.Open);
    }
}

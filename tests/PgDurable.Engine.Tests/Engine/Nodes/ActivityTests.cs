using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class ActivityTests
{
    private static Command.StartTask Task(EngineRun run, string path = "") =>
        Assert.IsType<Command.StartTask>(run.Find(path.Length == 0 ? "ACTIVITY work" : $"ACTIVITY work@{path}"));

    [Fact]
    public void Start_Activity_MakesATaskWithTheFilledInput()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Activity("work", """{"n":"$x.v","text":"no. $x.v","fix":1}""", "slow")));
        run.Complete("a", Row(5));

        Assert.Equal(
            new Command.StartTask(new ExecutionKey(2, ""), "work", "slow", """{"n":5,"text":"no. 5","fix":1}""", 1, null), Task(run));
    }

    [Fact]
    public void Start_ActivityWithoutInputAndQueue_HasNullAndNone() => Assert.Equal(
        new Command.StartTask(new ExecutionKey(0, ""), "work", null, "null", 1, null), Task(new EngineRun(Activity("work"))));

    [Theory]
    [InlineData("\"$x\"")]
    [InlineData("""{"a":[{"b":"$x.missing"}]}""")]
    public void Start_InputWithoutValue_IsRefused(string input)
    {
        var run = new EngineRun(Then(Step("a").As("x"), Activity("work", input)));
        run.Complete("a", Rows());

        Assert.Empty(run.Commands);
        Assert.Equal("22004", run.Failure.Error.SqlState);
        Assert.NotNull(run.Failure.Error.Hint);
        Assert.Equal("ACTIVITY@", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Start_NullSafeReferenceWithoutValue_IsNull()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Activity("work", """{"n":"$x.v?"}""")));
        run.Complete("a", Rows());

        Assert.Equal("""{"n":null}""", Task(run).InputJson);
    }

    [Theory]
    [InlineData("""{"id":"r-1"}""", "SELECT $r.id", "SELECT 'r-1'")]
    [InlineData("7", "SELECT $r", "SELECT 7")]
    [InlineData("null", "SELECT $r?", "SELECT NULL")]
    public void Advance_Completed_BindsItsResult(string result, string next, string expected)
    {
        var run = new EngineRun(Then(Activity("work").As("r"), Step(next)));
        run.Complete("ACTIVITY work", Json(result));

        Assert.Equal([expected], run.Commands);
    }

    [Fact]
    public void Advance_CompletedWithAnArray_IsAListOfItems()
    {
        var run = new EngineRun(Then(Activity("list").As("r"), ForEach("r", Activity("work", "\"$item.id\""))));
        run.Complete("ACTIVITY list", Json("""[{"id":1},{"id":2}]"""));

        Assert.Equal(["1", "2"], new[] { Task(run, "2:0"), Task(run, "2:1") }.Select(task => task.InputJson));
        run.Complete("ACTIVITY work@2:1", Json("\"b\""));
        run.Complete("ACTIVITY work@2:0", Json("\"a\""));
        Assert.Equal("""["a","b"]""", run.Result);
    }

    [Fact]
    public void Advance_Failed_FailsTheStep()
    {
        var run = new EngineRun(Activity("work").As("r"));
        run.Fail("ACTIVITY work", "declined", "DF022", isRetryable: false);

        Assert.Equal(new StepError("declined", "DF022") { IsRetryable = false }, run.Failure.Error);
        Assert.Equal("r@", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_FailedInATry_IsSeenByTheHandler()
    {
        var run = new EngineRun(Try(Activity("work"), Step("SELECT $error.sqlstate, $error.message")));
        run.Fail("ACTIVITY work", "declined", "CARD1", isRetryable: true);

        Assert.Equal(["SELECT 'CARD1', 'declined'"], run.Commands);
    }

    // Without a list, the activity decides; with one, only it can say no.
    [Theory]
    [InlineData(true, "P0001", null, true)]
    [InlineData(true, "40001", null, true)]
    [InlineData(false, "40001", null, false)]
    [InlineData(null, "40001", null, true)]
    [InlineData(null, "P0001", null, false)]
    [InlineData(null, "DF022", null, false)]
    [InlineData(true, "P0001", "CARD1", false)]
    [InlineData(true, "CARD1", "CARD1", true)]
    [InlineData(false, "CARD1", "CARD1", false)]
    [InlineData(null, "CARD1", "CARD1", true)]
    [InlineData(null, "40001", "CARD1", false)]
    public void Advance_FailedInARetry_IsTriedAgainIfBothAllowIt(bool? isRetryable, string sqlState, string? retryOn, bool retried)
    {
        var run = new EngineRun(Retry(Activity("work"), retryOn: retryOn is null ? null : [retryOn]));
        run.Fail("ACTIVITY work", sqlState: sqlState, isRetryable: isRetryable);

        Assert.Equal(retried, run.Outcome is null);
    }

    [Fact]
    public void Advance_NextAttempt_IsATaskOfItsOwnWithItsNumber()
    {
        var run = new EngineRun(Retry(Activity("work"), maxAttempts: 2));
        var first = Task(run);
        run.Fail("ACTIVITY work", isRetryable: true);
        run.Elapse("RETRY");

        Assert.Equal((1, "0:1"), (first.Attempt, first.Execution.Path));
        Assert.Equal((2, "0:2"), (Task(run).Attempt, Task(run).Execution.Path));
        // The idempotency key is made of this.
        Assert.Equal(first.Execution.PathWithoutAttempts(IsRetry), Task(run).Execution.PathWithoutAttempts(IsRetry));
        bool IsRetry(int node) => run.Graph.Nodes[node].Kind == Graph.NodeKind.Retry;
    }

    [Fact]
    public void Start_InNestedRetries_HasTheAttemptOfTheInnermostOne()
    {
        var run = new EngineRun(Retry(Then(Step("a"), Retry(Join(Activity("work"), Step("b"))))));
        run.Fail("a", sqlState: "40001");
        run.Elapse("RETRY");
        run.Complete("a");

        Assert.Equal(1, Task(run).Attempt);
    }

    [Fact]
    public void PathWithoutAttempts_ItemsAndIterations_Stay()
    {
        var run = new EngineRun(Loop(ForEach("input", Retry(Activity("work")))), "[1,2]");
        var paths = run.State.InFlight.Keys.Select(
            key => key.PathWithoutAttempts(node => run.Graph.Nodes[node].Kind == Graph.NodeKind.Retry));

        Assert.Equal(["0:1/1:0", "0:1/1:1"], paths);
    }

    [Fact]
    public void Advance_LoserOfARace_IsStopped()
    {
        var run = new EngineRun(Then(Race(Activity("work"), Step("a")), Step("next")));
        run.Complete("a");

        Assert.Equal(["ACTIVITY@"], run.Stopped);
        Assert.Equal(["next"], run.Open);
    }

    [Fact]
    public void Advance_WinnerOfARace_StopsTheOthers()
    {
        var run = new EngineRun(Then(Race(Activity("work"), Activity("other"), Sleep(60)).As("r"), Step("SELECT $r")));
        run.Complete("ACTIVITY work", Json("1"));

        Assert.Equal(["ACTIVITY@", "SLEEP@"], run.Stopped);
        Assert.Equal(["SELECT 1"], run.Open);
    }

    [Fact]
    public void Advance_BranchesOfAJoin_ArePutTogether()
    {
        var run = new EngineRun(Join(Activity("work"), Activity("other"), Step("a")));
        Assert.Equal(["ACTIVITY work", "ACTIVITY other", "a"], run.Commands);
        run.Complete("ACTIVITY other", Json("2"));
        run.Complete("a", Json("3"));
        run.Complete("ACTIVITY work", Json("1"));

        Assert.Equal("[1,2,3]", run.Result);
    }

    [Fact]
    public void Advance_ItemFails_BeginsNoMoreItems()
    {
        var run = new EngineRun(ForEach("input", Activity("work", "\"$item\""), maxParallel: 1), "[1,2]");
        run.Fail("ACTIVITY work", "declined", isRetryable: true);

        Assert.Empty(run.Commands);
        Assert.Equal("FOREACH item 0 failed: declined", run.Failure.Error.Message);
        Assert.Equal("ACTIVITY@0:0", Assert.Single(run.FailedSteps));
    }

    [Theory]
    [InlineData("true", "yes")]
    [InlineData("""{"rows":false}""", "yes")]
    [InlineData("false", "no")]
    [InlineData("null", "no")]
    public void Advance_AsACondition_DecidesByItsResult(string result, string expected)
    {
        var run = new EngineRun(If(Activity("work"), Step("yes"), Step("no")));
        run.Complete("ACTIVITY work", Json(result));

        Assert.Equal([expected], run.Commands);
    }
}

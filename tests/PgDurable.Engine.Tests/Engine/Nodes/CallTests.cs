using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class CallTests
{
    [Fact]
    public void Start_Call_StartsAChildWithTheFilledInput()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Call("bill", """{"n":"$x.v","text":"no. $x.v","fix":1}""", 3)));
        run.Complete("a", Row(5));

        Assert.Equal(
            new Command.StartChild(new ExecutionKey(2, ""), "bill", 3, """{"n":5,"text":"no. 5","fix":1}"""), run.Find("CALL bill"));
    }

    [Fact]
    public void Start_CallWithoutInputAndVersion_HasNone() =>
        Assert.Equal(new Command.StartChild(new ExecutionKey(0, ""), "bill", null, null), new EngineRun(Call("bill")).Find("CALL bill"));

    [Fact]
    public void Advance_ChildCompletes_BindsItsResult()
    {
        var run = new EngineRun(Then(Call("bill").As("c"), Step("SELECT $c.v")));
        run.Complete("CALL bill", Json("""{"v":3}"""));

        Assert.Equal(["SELECT 3"], run.Commands);
    }

    [Fact]
    public void Advance_ChildFails_FailsTheCall()
    {
        var run = new EngineRun(Call("bill"));
        run.Fail("CALL bill", "broke", "22012");

        Assert.Equal(new StepError("broke", "22012"), run.Failure.Error);
        Assert.Equal("CALL@", Assert.Single(run.FailedSteps));
    }

    [Fact]
    public void Advance_InputWithoutValue_IsRefused()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Call("bill", "\"$x\"")));
        run.Complete("a", Rows());

        Assert.Equal("22004", run.Failure.Error.SqlState);
    }

    [Fact]
    public void Advance_LoserOfARace_IsStopped()
    {
        var run = new EngineRun(Then(Race(Call("bill"), Step("a")), Step("next")));
        run.Complete("a");

        Assert.Equal(["CALL@"], run.Stopped);
    }
}

using static PgDurable.Worker.Engine.Graphs;
using static PgDurable.Worker.Engine.Results;

namespace PgDurable.Worker.Engine.Nodes;

public class FailTests
{
    [Theory]
    [InlineData(null, "DF006")]
    [InlineData("22012", "22012")]
    public void Start_Fail_FailsWithItsMessageAndState(string? sqlState, string expected)
    {
        var run = new EngineRun(Fail("no stock", sqlState));

        Assert.Equal(new StepError("no stock", expected), Assert.Single(run.Refused));
        Assert.Equal(new StepError("no stock", expected), run.Failure.Error);
        Assert.Equal(new ExecutionKey(0, ""), run.Failure.Origin);
    }

    [Fact]
    public void Advance_Message_IsSubstitutedAsText()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Fail("only $x.v of {what}")), variables: ("what", "apples"));
        run.Complete("a", Row(3));

        Assert.Equal("only 3 of apples", run.Failure.Error.Message);
    }

    [Fact]
    public void Advance_MessageWithoutValue_FailsWithTheReason()
    {
        var run = new EngineRun(Then(Step("a").As("x"), Fail("only $x.v")));
        run.Complete("a", Rows());

        Assert.Equal("22004", run.Failure.Error.SqlState);
    }
}

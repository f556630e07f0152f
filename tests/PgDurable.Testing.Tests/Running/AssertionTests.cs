using System.Text.Json.Nodes;
using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Running;

public sealed class AssertionTests
{
    static readonly DfNode Two = Df.Sql("SELECT x FROM a").As("a").Then("INSERT  INTO kid (i)\nVALUES ($a.x)");

    static Task<WorkflowTestResult<System.Text.Json.JsonElement>> RunAsync(DfNode graph) =>
        WorkflowTest.For(graph).Rows("a", new { x = 1 }).AnswerWrites().RunAsync();

    [Fact]
    public async Task ShouldHaveRunExactly_Others_ShowsBothAndTheTrace()
    {
        var result = await RunAsync(Two);

        result.ShouldHaveRunExactly("a", "INSERT INTO kid");
        var e = Assert.Throws<WorkflowTestException>(() => result.ShouldHaveRunExactly("INSERT INTO kid", "a"));
        Assert.Contains("Expected: INSERT INTO kid, a", e.Message);
        Assert.Contains("completed after", e.Message);
        Assert.Throws<WorkflowTestException>(() => result.ShouldHaveRunExactly("a"));
        Assert.Throws<WorkflowTestException>(() => result.ShouldFail());
        Assert.Throws<WorkflowTestException>(() => result.ShouldWait());
    }

    [Theory]
    [InlineData("INSERT INTO kid")]
    [InlineData("insert into kid (i) VALUES")]
    [InlineData("a")]
    public async Task ShouldHaveRun_StepThatRan_IsFoundByAnyOfItsNames(string step)
    {
        var result = await RunAsync(Two);

        result.ShouldHaveRun(step);
        Assert.Throws<WorkflowTestException>(() => result.ShouldNotHaveRun(step));
    }

    [Fact]
    public async Task ShouldHaveRun_StepThatDidNotRun_Throws()
    {
        var result = await RunAsync(Df.If("SELECT 1 > 2", "DELETE FROM kid", Two));

        result.ShouldNotHaveRun("DELETE FROM kid");
        Assert.Contains("should have run", Assert.Throws<WorkflowTestException>(() => result.ShouldHaveRun("DELETE FROM kid")).Message);
    }

    [Fact]
    public async Task ShouldHaveRun_StepThatFailed_IsNoCompletion()
    {
        var result = await WorkflowTest.For(Two).FailStep("a", "P0001").AnswerWrites().RunAsync();

        Assert.Throws<WorkflowTestException>(() => result.ShouldHaveRun("a"));
        Assert.Throws<WorkflowTestException>(() => result.ShouldNotHaveRun("a"));
        result.ShouldFail("P0001", "a").ShouldHaveRunExactly();
    }

    [Fact]
    public async Task Assertions_StepThatTheWorkflowDoesNotHave_ShowItsNames()
    {
        var result = await RunAsync(Two);
        var failed = await WorkflowTest.For(Two).FailStep("a", "P0001").AnswerWrites().RunAsync();

        foreach (var assert in (Action[])[
            () => result.ShouldHaveRun("b"), () => result.ShouldNotHaveRun("b"), () => result.ShouldHaveRunExactly("a", "b"),
            () => failed.ShouldFail(step: "b")])
        {
            var e = Assert.Throws<WorkflowTestException>(assert);
            Assert.StartsWith("The workflow has no step 'b'. It has: 'a', 'INSERT INTO kid (i)", e.Message);
        }
    }

    [Fact]
    public async Task ShouldHaveRunExactly_Conditions_CountOnlyIfNamed()
    {
        var result = await RunAsync(Df.Sql("SELECT x FROM a").As("a").Then(Df.If("SELECT $a.x > 0", "DELETE FROM kid", "SELECT NULL")));

        result.ShouldHaveRunExactly("a", "DELETE FROM kid").ShouldHaveRunExactly("a", "SELECT $a.x > 0", "DELETE FROM kid");
        Assert.Equal([false, true, false], result.Executed.Select(step => step.IsComputed));
    }

    [Fact]
    public async Task ShouldHaveRun_StepsOfAChild_AreSteps()
    {
        var result = await WorkflowTest.For(Df.Call("kid", JsonNode.Parse("{}")))
            .Child(Definitions.Of("kid", Df.Sql("SELECT x FROM k").As("k").Then("DELETE FROM k")), kid => kid.Rows("k", 1))
            .AnswerWrites().RunAsync();

        result.ShouldHaveRun("k").ShouldHaveRunExactly("CALL", "k", "DELETE FROM k");
    }
}

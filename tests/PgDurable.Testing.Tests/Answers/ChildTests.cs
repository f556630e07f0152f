using System.Text.Json;
using System.Text.Json.Nodes;
using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Answers;

public sealed class ChildTests
{
    static readonly WorkflowDefinition Ship = Definitions.Of(
        "ship", Df.Sql("SELECT address FROM orders WHERE id = $input.id").As("address").Then(Df.Sleep(60)).Then("SELECT $address AS sent"));

    static WorkflowTest<JsonElement> Parent() => WorkflowTest.For(
        Df.Call("ship", JsonNode.Parse("""{"id":"$input.id"}""")).As("shipped").Then("SELECT $shipped.sent AS sent"), """{"id":7}""");

    [Fact]
    public async Task Child_Definition_Runs()
    {
        var result = await Parent().Child(Ship, child => child.Rows("address", "Main St 1")).RunAsync();

        Assert.Equal("Main St 1", result.Output.GetProperty("rows")[0].GetProperty("sent").GetString());
        Assert.Equal(TimeSpan.FromMinutes(1), result.Elapsed);
        Assert.Equal("ship", result.Executed[1].Workflow);
        Assert.Equal("SELECT address FROM orders WHERE id = 7", result.Executed[1].Sql);
    }

    [Fact]
    public async Task Child_Result_IsTaken()
    {
        var result = await Parent().Child("ship", new { sent = "there" }).RunAsync();

        Assert.Equal("there", result.Output.GetProperty("rows")[0].GetProperty("sent").GetString());
    }

    [Fact]
    public async Task Child_Fails_FailsTheParentsStep()
    {
        var result = await Parent().Child(Ship, child => child.FailStep("address", "42P01", "no orders")).RunAsync();

        Assert.Equal("42P01", result.ShouldFail(step: "shipped").Error!.SqlState);
        Assert.Contains("no orders", result.Error!.Message);
    }

    [Theory]
    [InlineData("shipped")]
    [InlineData("address")]
    public async Task Child_CrashInTheMiddle_IsFoundAgain(string step)
    {
        var result = await Parent().Child(Ship, child => child.Rows("address", "Main St 1")).CrashDuring(step).RunAsync();

        result.ShouldComplete();
        Assert.Equal(TimeSpan.FromMinutes(1), result.Elapsed);
    }

    [Fact]
    public async Task Child_ParentTimesOut_IsCancelled()
    {
        var result = await WorkflowTest.For(Df.Try(Df.Timeout(Df.Call("ship"), 10), "SELECT 'late' AS s"))
            .Child(Definitions.Of("ship", Df.WaitForSignal("never"))).RunAsync();

        Assert.Equal("late", result.Output.GetProperty("rows")[0].GetProperty("s").GetString());
        Assert.Contains("cancelled", result.Trace);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Child_CalledTwiceInARow_RunsTwice(bool crashes)
    {
        var sleeper = Definitions.Of("sleeper", Df.Sleep(60).Then("SELECT $input.n AS n"));
        var test = WorkflowTest
            .For(Df.Call("sleeper", JsonNode.Parse("""{"n":1}""")).Then(Df.Call("sleeper", JsonNode.Parse("""{"n":2}"""))))
            .Child(sleeper);
        var result = await (crashes ? test.CrashAfterEveryStep() : test).RunAsync();

        Assert.Equal(2, result.ShouldComplete().Output.GetProperty("rows")[0].GetProperty("n").GetInt32());
        Assert.Equal(TimeSpan.FromMinutes(2), result.Elapsed);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public async Task Child_InParallelBranchesThatHandleItsFailure_GoesOnInBoth(int first, int second)
    {
        var kid = Definitions.Of("kid", Df.Sql("SELECT 1 / $input.n AS v"));
        DfNode Branch(int n) => Df.Try(
            Df.Call("kid", JsonNode.Parse($$"""{"n":{{n}}}""")).Then("INSERT INTO done VALUES (1)"), "INSERT INTO failed VALUES (1)");
        var result = await WorkflowTest.For(Df.Join(Branch(first), Branch(second)), """{"n":1}""")
            .Child(kid, child => child.Sql(step => step.Sql.Contains("/ 0", StringComparison.Ordinal) ? new StepFailure("22012") : null))
            .AnswerWrites().RunAsync();

        result.ShouldComplete();
        Assert.Equal(first + second, result.Executed.Count(step => step.Sql.StartsWith("INSERT INTO done", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Child_InParallelBranchesAndOneFails_GoesOnInBoth(bool runs, bool crashes)
    {
        static DfNode Branch(string name) =>
            Df.Try(Df.Call("kid").As(name).Then($"INSERT INTO {name} VALUES (1)"), "INSERT INTO failed VALUES (1)");
        var test = WorkflowTest.For(Df.Join(Branch("a"), Branch("b"))).FailStep("b", "AB001").AnswerWrites();
        test = runs ? test.Child(Definitions.Of("kid", Df.Sleep(60))) : test.Child("kid", new { v = 1 });
        var result = await (crashes ? test.CrashAfterEveryStep() : test).RunAsync();

        result.ShouldComplete();
        Assert.Single(result.Executed, step => step.Sql == "INSERT INTO a VALUES (1)");
        Assert.Single(result.Executed, step => step.Sql == "INSERT INTO failed VALUES (1)");
    }

    [Fact]
    public async Task FailStep_OfACall_IsItsFailure() =>
        (await Parent().FailStep("shipped", "DF014").RunAsync()).ShouldFail("DF014", "shipped");
}

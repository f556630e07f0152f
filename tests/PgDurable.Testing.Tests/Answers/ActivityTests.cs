using System.Text.Json;
using System.Text.Json.Nodes;
using PgDurable.Testing.Tests.Samples;

namespace PgDurable.Testing.Tests.Answers;

public sealed class ActivityTests
{
    static readonly DfNode Charge = Df.Activity("charge-card", JsonNode.Parse("""{"account":"$input.account","total":"$input.total"}"""));

    static WorkflowTest<JsonElement> Order(DfNode? charge = null) =>
        WorkflowTest.For((charge ?? Charge).As("receipt").Then("SELECT $receipt.id AS id"), """{"account":"a-1","total":9.5}""");

    static string? Id(WorkflowTestResult<JsonElement> result) => result.Output.GetProperty("rows")[0].GetProperty("id").GetString();

    static DfNode Mail(string text = "hello") => Df.Activity("send-mail", text);

    [Fact]
    public async Task Answer_Typed_SeesTheInputAndGivesTheResult()
    {
        ChargeCard.Input? seen = null;
        var result = await Order().Answer(ChargeCard.Definition, input =>
        {
            seen = input;
            return new("r-1");
        }).RunAsync();

        Assert.Equal(new("a-1", 9.5m), seen);
        Assert.Equal("r-1", Id(result));
        Assert.Equal("""{"id":"r-1"}""", result.Executed[0].ResultJson);
    }

    [Fact]
    public async Task Answer_WithStep_SeesWhatTheActivityKnows()
    {
        TestStep? seen = null;
        var result = await Order(Df.Timeout(Charge, 60)).Answer(ChargeCard.Definition, (input, step) =>
        {
            seen = step;
            return new(input.Account);
        }).StartAt(new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)).RunAsync();

        Assert.Equal("a-1", Id(result));
        var context = seen!.ActivityContext!;
        Assert.Equal(("charge-card", "00000001", 1, 1), (context.Activity, context.InstanceId, context.Attempt, context.Delivery));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 0, 1, 0, TimeSpan.Zero), context.Deadline);
        Assert.NotEqual(Guid.Empty, context.IdempotencyKey);
        Assert.Null(context.Progress);
        Assert.Equal("""{"total":9.5,"account":"a-1"}""", seen.InputJson);
    }

    [Fact]
    public async Task Answer_WithoutResult_CompletesWithNull()
    {
        var sent = new List<string>();
        var result = await WorkflowTest.For(Mail("one").Then(Mail("two"))).Answer(SendMail.Definition, sent.Add).RunAsync();

        Assert.Equal("null", result.ShouldComplete().ResultJson);
        Assert.Equal(["one", "two"], sent);
    }

    [Fact]
    public async Task Answer_WithoutResultAndWithStep_SeesIt()
    {
        var names = new List<string>();
        await WorkflowTest.For(Mail().As("sent")).Answer(SendMail.Definition, (_, step) => names.Add(step.Name)).RunAsync();

        Assert.Equal(["sent"], names);
    }

    [Theory]
    [InlineData("""{"id":7}""", "7")]
    [InlineData("[1,2]", "[1, 2]")] // as PostgreSQL prints it
    [InlineData("\"x\"", "x")]
    public async Task Answer_ByNameWithJson_IsUnchanged(string json, string expected)
    {
        var result = await WorkflowTest.For(Df.Activity("x").As("x").Then($"SELECT $x{(json[0] == '{' ? ".id" : "")} AS v"))
            .Answer("x", _ => JsonElement.Parse(json)).RunAsync();

        Assert.Equal(json, result.Executed[0].ResultJson);
        Assert.Equal(expected, result.Output.GetProperty("rows")[0].GetProperty("v").ToString());
    }

    [Fact]
    public async Task Answer_ByNameWithAnObject_IsInSnakeCase()
    {
        var result = await WorkflowTest.For(Df.Activity("x", JsonNode.Parse("""{"n":5}""")))
            .Answer("x", (input, step) => new { OrderId = input.GetProperty("n").GetInt32(), step.Attempt }).RunAsync();

        Assert.Equal("""{"order_id":5,"attempt":1}""", result.ResultJson);
    }

    [Fact]
    public async Task Answer_Repeatedly_IsForOneRunEach()
    {
        var result = await WorkflowTest.For(Df.Join(Df.Activity("x"), Df.Activity("x"), Df.Activity("x")))
            .Answer("x", _ => 1).Answer("x", _ => 2).RunAsync();

        Assert.Equal("[1,2,2]", result.ResultJson);
    }

    [Fact]
    public async Task Answer_ActivityException_FailsInItsWay()
    {
        var result = await Order(Df.Retry(Charge, 3, 1))
            .Answer(ChargeCard.Definition, (_, _) => throw new ActivityException("declined", "CARD1", isRetryable: false)).RunAsync();

        Assert.Equal("declined", result.ShouldFail("CARD1", "charge-card").Error!.Message);
        Assert.Single(result.Executed);
    }

    [Fact]
    public async Task Answer_OtherException_IsTriedAgain()
    {
        var result = await Order(Df.Retry(Charge, 3, 1)).Answer(
            ChargeCard.Definition, (_, step) => step.Attempt < 3 ? throw new TimeoutException("no answer") : new("r-3")).RunAsync();

        Assert.Equal("r-3", Id(result));
        Assert.Equal([DurableErrorCodes.ActivityFailed, DurableErrorCodes.ActivityFailed, null, null],
            result.Executed.Select(step => step.Error?.SqlState));
        Assert.Equal(TimeSpan.FromSeconds(1 + 2), result.Elapsed);
    }

    [Fact]
    public async Task Answer_ByNameWithStepFailure_Fails()
    {
        var result = await WorkflowTest.For(Df.Activity("x")).Answer("x", _ => new StepFailure("CARD1", "declined")).RunAsync();

        Assert.Equal("declined", result.ShouldFail("CARD1", "x").Error!.Message);
    }

    [Fact]
    public async Task FailStep_SomeAttempts_AreTriedAgain()
    {
        var result = await Order(Df.Retry(Charge, 3, 1)).FailStep("charge-card", "CARD1", attempts: 2)
            .Answer(ChargeCard.Definition, _ => new("first")).Answer(ChargeCard.Definition, _ => new("second")).RunAsync();

        Assert.Equal("first", Id(result));
        Assert.Equal(["CARD1", "CARD1", null, null], result.Executed.Select(step => step.Error?.SqlState));
    }

    [Fact]
    public async Task Answer_InputOfAnotherShape_FailsTheStep()
    {
        var result = await WorkflowTest.For(Df.Activity("charge-card", JsonNode.Parse("""{"account":"a"}""")))
            .Answer(ChargeCard.Definition, _ => new("r")).RunAsync();

        result.ShouldFail("22023", "charge-card");
    }

    [Fact]
    public async Task Answer_ResultThatTheDatabaseRefuses_FailsTheStep()
    {
        var result = await Order().Answer(ChargeCard.Definition, _ => new("a\0b")).RunAsync();

        result.ShouldFail("22023", "receipt");
    }

    [Fact]
    public async Task Answer_Transactional_NeedsNoDatabase() => Assert.Equal("2", (await WorkflowTest.For(Df.Activity("book-order", 5))
        .Answer(BookOrder.Definition, _ => 2).RunAsync()).ResultJson);

    [Fact]
    public async Task ReportProgress_TooLarge_IsRefused()
    {
        var result = await WorkflowTest.For(Mail()).Answer(SendMail.Definition, (input, step) =>
        {
            Assert.True(step.ActivityContext!.ReportProgressAsync(new string('x', 8190)).IsCompletedSuccessfully);
            _ = step.ActivityContext!.ReportProgressAsync(new string('x', 8191));
        }).RunAsync();

        Assert.Contains("at most 8192 bytes", result.ShouldFail(DurableErrorCodes.ActivityFailed).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ActivityWithoutAnswer_ShowsTheLineToWrite()
    {
        var byName = await Assert.ThrowsAsync<UnansweredStepException>(() => Order().RunAsync());
        var typed = await Assert.ThrowsAsync<UnansweredStepException>(
            () => WorkflowTest.For(Definitions.Of("order", Charge), """{"account":"a-1","total":9.5}""").RunAsync());

        Assert.Equal(".Answer(\"charge-card\", input => new { … })", byName.Suggestion);
        Assert.Equal(".Answer(ChargeCard.Definition, input => …)", typed.Suggestion);
        Assert.Contains("""activity 'charge-card' with input {"total":9.5,"account":"a-1"}""", typed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ActivityThatTheWorkflowHasNot_ListsTheStepsThereAre()
    {
        var e = await Assert.ThrowsAsync<WorkflowTestException>(() => WorkflowTest.For(Mail()).Answer("send-male", _ => null).RunAsync());

        Assert.Equal("The workflow has no step 'send-male'. It has: 'send-mail'.", e.Message);
    }

    [Fact]
    public async Task Answer_InAChild_ComesFirst()
    {
        var child = Definitions.Of("notify", Mail("from the child"));
        var sent = new List<string>();
        await WorkflowTest.For(Df.Call("notify").Then(Mail("from the parent")))
            .Answer(SendMail.Definition, text => sent.Add($"parent: {text}"))
            .Child(child, test => test.Answer(SendMail.Definition, text => sent.Add($"child: {text}"))).RunAsync();

        Assert.Equal(["child: from the child", "parent: from the parent"], sent);
    }
}

using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class TransferMoneyTests
{
    [Fact]
    public async Task Transfer_OtherBankIsDownForAWhile_PaysInOnce()
    {
        var keys = new List<string>();
        var result = await Transfer()
            .Http(request =>
            {
                keys.Add(request.IdempotencyKey);
                return keys.Count < 3 ? HttpReply.Timeout() : HttpReply.Json(new { reference = "D-1" });
            })
            .Rows("UPDATE patterns.transfers", new TransferMoney.Receipt(7, "D-1"))
            .RunAsync();

        Assert.Equal("D-1", result.ShouldComplete().Output.Reference);
        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct());
        Assert.InRange(result.Elapsed, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(100));
        result.ShouldNotHaveRun("WITH refunded");
    }

    [Fact]
    public async Task Transfer_OtherBankRefuses_GivesTheMoneyBack()
    {
        var result = await Transfer().Http(_ => HttpReply.Status(422)).AnswerWrites().RunAsync();

        result.ShouldFail("BANK1").ShouldHaveRun("WITH refunded");
    }

    [Fact]
    public async Task Transfer_OtherBankStaysDown_GivesTheMoneyBack()
    {
        var result = await Transfer().Http(_ => HttpReply.Status(503)).AnswerWrites().CrashAfterEveryStep().RunAsync();

        result.ShouldFail("DF008").ShouldHaveRun("WITH refunded");
    }

    [Fact]
    public async Task Transfer_AccountIsNotCovered_TakesNothing()
    {
        var result = await WorkflowTest.For<TransferMoney, TransferMoney.Input, TransferMoney.Receipt>(Input)
            .FailStep("transfer", "23514")
            .RunAsync();

        result.ShouldFail("23514").ShouldNotHaveRun("WITH refunded");
    }

    private static TransferMoney.Input Input => new("anna", "https://bank.example.com", "ben", 20m, RetryDelay: TimeSpan.FromSeconds(10));

    private static WorkflowTest<TransferMoney.Receipt> Transfer() =>
        WorkflowTest.For<TransferMoney, TransferMoney.Input, TransferMoney.Receipt>(Input).Rows("transfer", new TransferMoney.Transfer(7));
}

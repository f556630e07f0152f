using PgDurable.Testing;

namespace RootNs.Tests;

public class FulfilOrderTests
{
    [Fact]
    public async Task FulfilOrder_SmallOrder_ChargesTheCardAtOnce()
    {
        var result = await WorkflowTest.For<FulfilOrder, FulfilOrder.Input>(new(OrderId: 1))
            .Rows("order", new FulfilOrder.Order("anna", 20m))
            .Answer(ChargeCard.Definition, input => new ChargeCard.Receipt("R-1"))
            .AnswerWrites()
            .RunAsync();

        Assert.Equal(TimeSpan.Zero, result.Elapsed);
        Assert.Contains(result.Executed, step => step.Sql?.Contains("'paid, receipt ' || 'R-1'") == true);
    }

    [Fact]
    public async Task FulfilOrder_LargeOrder_WaitsForApprovalAndSurvivesACrash()
    {
        var result = await WorkflowTest.For<FulfilOrder, FulfilOrder.Input>(new(OrderId: 1))
            .Rows("order", new FulfilOrder.Order("anna", 1200m))
            .Answer(ChargeCard.Definition, input => new ChargeCard.Receipt("R-1"))
            .AnswerWrites()
            .SignalAfter(TimeSpan.FromHours(3), "approval", new FulfilOrder.Approval(true, "carla"))
            .CrashAfterEveryStep()
            .RunAsync();

        Assert.Equal(TimeSpan.FromHours(3), result.Elapsed);
        Assert.Single(result.Executed, step => step.Activity == "charge-card");
    }

    [Fact]
    public async Task FulfilOrder_NobodyApproves_ChargesNothing()
    {
        var result = await WorkflowTest.For<FulfilOrder, FulfilOrder.Input>(new(OrderId: 1))
            .Rows("order", new FulfilOrder.Order("anna", 1200m))
            .AnswerWrites()
            .RunAsync();

        Assert.Equal("nobody approved the order", result.Error?.Message);
        Assert.Equal(TimeSpan.FromDays(1), result.Elapsed);
    }
}

using PgDurable.Testing;

namespace Shop.Tests;

public class CloseOrderTests
{
    [Fact]
    public async Task CloseOrder_ApprovedAfterTwoHours_WritesTheNote()
    {
        var result = await WorkflowTest.For<CloseOrder, CloseOrder.Input, CloseOrder.Closed>(new(OrderId: 1))
            .Rows("order", new CloseOrder.Order(99.5m, Note: null))
            .Sql(step => step.Sql.Contains("UPDATE") ? new CloseOrder.Closed(1, "closed") : null)
            .SignalAfter(TimeSpan.FromHours(2), "approval", new CloseOrder.Approval(true, "jane"))
            .CrashAfter("order")
            .RunAsync();

        Assert.Equal("closed", result.Output.Note);
        Assert.Equal(TimeSpan.FromHours(2), result.Elapsed);
    }
}

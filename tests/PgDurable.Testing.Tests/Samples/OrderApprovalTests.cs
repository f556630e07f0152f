namespace PgDurable.Testing.Tests.Samples;

public sealed class OrderApprovalTests
{
    [Fact]
    public async Task Define_ApprovedInTime_Commits()
    {
        var result = await WorkflowTest.For<OrderApproval, OrderApproval.Input, OrderApproval.Decision>(new(OrderId: 1))
            .Rows("order", new OrderApproval.Order(1, 99.5m, Note: null))
            .Sql(step => step.Sql.Contains("'approved'") ? new OrderApproval.Decision("approved") : null)
            .SignalAfter(TimeSpan.FromHours(2), "approval", new OrderApproval.Approval(true, "jane"))
            .CrashAfter("order")
            .RunAsync();

        Assert.Equal(WorkflowStatus.Completed, result.Status);
        Assert.Equal("approved", result.Output.Status);
        Assert.Equal(TimeSpan.FromHours(2), result.Elapsed);
        Assert.Single(result.Executed, s => s.Name == "order");
    }
}

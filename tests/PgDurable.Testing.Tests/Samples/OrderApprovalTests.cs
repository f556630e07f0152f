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

    [Fact]
    public void Definition_RecordedProductionHistory_StillFits()
    {
        var report = WorkflowReplay.Check(OrderApproval.Definition, File.ReadAllText("histories/order-approval-8c1f.json"));
        Assert.True(report.Compatible, report.Explanation);
    }

    [Fact]
    public async Task Define_NobodyAnswers_RejectsAfterADay()
    {
        var result = await Test(99.5m).RunAsync();

        Assert.Equal("rejected", result.Output.Status);
        Assert.Equal(TimeSpan.FromHours(24), result.Elapsed);
        Assert.Contains("coalesce(NULL, 'timed out')", result.Executed[^1].Sql);
    }

    [Fact]
    public async Task Define_Refused_Rejects()
    {
        var result = await Test(99.5m).SignalAfter(TimeSpan.FromMinutes(1), "approval", new OrderApproval.Approval(false, "joe"))
            .RunAsync();

        Assert.Equal("rejected", result.Output.Status);
        Assert.Equal(TimeSpan.FromMinutes(1), result.Elapsed);
    }

    [Theory]
    [InlineData(9999.99, "approved")]
    [InlineData(10000, "rejected")]
    public async Task Define_Total_DecidesAtTenThousand(double total, string status)
    {
        var result = await Test((decimal)total).SignalAfter(TimeSpan.Zero, "approval", new OrderApproval.Approval(true, "jane")).RunAsync();

        Assert.Equal(status, result.Output.Status);
    }

    [Fact]
    public async Task Define_SignalOneSecondLate_IsTooLate()
    {
        var result = await Test(1)
            .SignalAfter(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1), "approval", new OrderApproval.Approval(true, "jane")).RunAsync();

        Assert.Equal("rejected", result.Output.Status);
    }

    [Fact]
    public async Task Define_NoSuchOrder_FailsWhereTheRowIsUsed()
    {
        var result = await WorkflowTest.For<OrderApproval, OrderApproval.Input, OrderApproval.Decision>(new(OrderId: 1)).Rows("order")
            .RunAsync();

        result.ShouldFail("22004");
        Assert.Contains("$order has no rows", result.Error!.Message);
    }

    [Fact]
    public async Task Define_CrashAfterEveryStep_SameResult()
    {
        var result = await Test(99.5m).SignalAfter(TimeSpan.FromHours(2), "approval", new OrderApproval.Approval(true, "jane"))
            .CrashAfterEveryStep().RunAsync();

        Assert.Equal("approved", result.Output.Status);
        Assert.Equal(3, result.Executed.Count);
    }

    static WorkflowTest<OrderApproval.Decision> Test(decimal total) =>
        WorkflowTest.For<OrderApproval, OrderApproval.Input, OrderApproval.Decision>(new(OrderId: 1))
            .Rows("order", new OrderApproval.Order(1, total, Note: null))
            .Rows("UPDATE orders SET status = 'approved'", new OrderApproval.Decision("approved"))
            .Rows("UPDATE orders SET status = 'rejected'", new OrderApproval.Decision("rejected"));
}

using System.Text.Json;
using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class AssessCustomerTests
{
    [Fact]
    public async Task Customer_GoodScore_GetsHalfOfTheOrdersAndTenForEachPoint()
    {
        var result = await Customer(unpaid: 0).Http(_ => HttpReply.Json(new { points = 40 })).RunAsync();

        Assert.Equal("650.0", Limit(result));
    }

    [Fact]
    public async Task Customer_BureauIsDown_GetsHalfOfTheOrders()
    {
        var result = await Customer(unpaid: 0).Http(_ => HttpReply.ConnectionFailed()).RunAsync();

        Assert.Equal("250.0", Limit(result));
    }

    [Fact]
    public async Task Customer_WithUnpaidClaims_GetsNothing()
    {
        var result = await Customer(unpaid: 2).Http(_ => HttpReply.Json(new { points = 40 })).RunAsync();

        Assert.Equal("0", Limit(result));
    }

    [Fact]
    public async Task Customer_EverySourceTakesAMinute_TakesAMinute()
    {
        var result = await Customer(unpaid: 0)
            .Http(_ => HttpReply.Json(new { points = 40 }))
            .Takes("orders", TimeSpan.FromMinutes(1))
            .Takes("claims", TimeSpan.FromMinutes(1))
            .RunAsync();

        Assert.Equal(TimeSpan.FromMinutes(1), result.ShouldComplete().Elapsed);
    }

    private static WorkflowTest<JsonElement> Customer(long unpaid) =>
        WorkflowTest.For<AssessCustomer, AssessCustomer.Input>(new(CustomerId: 3, "https://bureau.example.com"))
            .Rows("orders", new AssessCustomer.Orders(4, 500m))
            .Rows("claims", new AssessCustomer.Claims(unpaid))
            .AnswerWrites();

    private static string? Limit(WorkflowTestResult<JsonElement> result) =>
        result.ShouldComplete().Executed.Single(step => step.Name == "terms").Rows[0].GetProperty("credit_limit").GetString();
}

using Patterns;
using PgDurable.Testing;

namespace PgDurable.Samples.Tests.Patterns;

public sealed class RenewSubscriptionTests
{
    private static readonly RenewSubscription.Input Input =
        new(SubscriptionId: 1, Trial: TimeSpan.FromDays(14), Period: TimeSpan.FromDays(30), Grace: TimeSpan.FromDays(3));

    [Fact]
    public async Task Subscription_CancelledInTheTrial_IsNeverCharged()
    {
        var result = await Subscription().SignalAfter(TimeSpan.FromDays(1), "cancel", new RenewSubscription.Cancellation(null)).RunAsync();

        Assert.Equal(RenewSubscription.Reason.Cancelled, result.ShouldComplete().Output.EndReason);
        result.ShouldNotHaveRun("WITH charged");
    }

    [Fact]
    public async Task Subscription_CancelledAfterAYear_IsChargedEachPeriod()
    {
        var result = await Subscription()
            .Rows("WITH charged", true)
            .SignalAfter(TimeSpan.FromDays(365), "cancel", new RenewSubscription.Cancellation("moving"))
            .CrashAfterEveryStep()
            .RunAsync();

        Assert.Equal(RenewSubscription.Reason.Cancelled, result.ShouldComplete().Output.EndReason);
        Assert.Equal(12, Charges(result));
    }

    [Fact]
    public async Task Subscription_AccountStaysEmpty_EndsAfterTheGrace()
    {
        var result = await Subscription().FailStep("WITH charged", "23514").RunAsync();

        Assert.Equal(RenewSubscription.Reason.Unpaid, result.ShouldComplete().Output.EndReason);
        Assert.Equal(Input.Trial + Input.Grace, result.Elapsed);
    }

    [Fact]
    public async Task Subscription_AccountIsToppedUpInTime_GoesOn()
    {
        var result = await Subscription()
            .FailStep("WITH charged", "23514", attempts: 1)
            .Rows("WITH charged", true)
            .StopAfter(TimeSpan.FromDays(20))
            .RunAsync();

        result.ShouldWait("cancel");
        Assert.Equal(1, Charges(result));
    }

    private static WorkflowTest<RenewSubscription.Subscription> Subscription() =>
        WorkflowTest.For<RenewSubscription, RenewSubscription.Input, RenewSubscription.Subscription>(Input)
            .Rows("UPDATE patterns.subscriptions SET end_reason", step => new RenewSubscription.Subscription(
                step.Sql.Contains("end_reason = 2", StringComparison.Ordinal)
                    ? RenewSubscription.Reason.Unpaid
                    : RenewSubscription.Reason.Cancelled, 0));

    private static int Charges(WorkflowTestResult<RenewSubscription.Subscription> result) =>
        result.Executed.Count(step => step.Error is null && step.Sql.StartsWith("WITH charged", StringComparison.Ordinal));
}

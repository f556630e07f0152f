using PgDurable;

namespace Patterns;

/// <summary>Charges a subscription after its trial and then once a period, until its owner cancels it or a charge fails twice.</summary>
[Workflow("renew-subscription")]
public sealed partial class RenewSubscription : IWorkflow<RenewSubscription.Input, RenewSubscription.Subscription>
{
    [StoredAsNumber]
    public enum Reason
    {
        Cancelled = 1,
        Unpaid = 2,
    }

    // Grace is the time to top up an empty account.
    public sealed record Input(long SubscriptionId, TimeSpan Trial, TimeSpan Period, TimeSpan Grace);
    public sealed record Cancellation(string? Comment);
    public sealed record Subscription(Reason EndReason, int Payments);

    // A constraint refuses to charge an account that is empty. Without MaxDelay, no pause is longer than a minute.
    public static Flow<Subscription> Define(Flow flow, Input input) => flow
        .WaitForSignal<Cancellation>("cancel", input.Trial, out var cancel)
        .Forever<Reason>(period => period
            .If(!cancel.TimedOut, then: f => f.Break(Reason.Cancelled))
            .Try(
                body: f => f.QuerySingle<bool>($"""
                    WITH charged AS (
                        UPDATE patterns.subscriptions SET payments = payments + 1
                         WHERE id = {input.SubscriptionId} RETURNING account, price)
                    UPDATE patterns.accounts a SET balance = a.balance - c.price
                      FROM charged c WHERE a.account = c.account RETURNING true AS paid
                    """, retry: new Retry(2) { Delay = input.Grace, MaxDelay = TimeSpan.FromDays(60), On = ["23514"] }),
                onError: (f, _) => f.QuerySingle<bool>("SELECT false AS paid"), out var paid)
            .If(!paid, then: f => f.Break(Reason.Unpaid))
            .WaitForSignal<Cancellation>("cancel", input.Period, out cancel), out var reason)
        .QuerySingle<Subscription>($"""
            UPDATE patterns.subscriptions SET end_reason = {reason} WHERE id = {input.SubscriptionId} RETURNING end_reason, payments
            """);
}

using PgDurable;

namespace RootNs;

/// <summary>Has large orders approved, charges the card, and marks the order as paid.</summary>
/// <remarks>Define never executes: the build makes a graph of it, which the database stores and runs.</remarks>
[Workflow("fulfil-order")]
public sealed partial class FulfilOrder : IWorkflow<FulfilOrder.Input>
{
    public sealed record Input(long OrderId);

    public sealed record Order(string Customer, decimal Total);

    public sealed record Approval(bool Approved, string By);

    public static Flow Define(Flow flow, Input input) => flow
        .QuerySingle<Order>($"SELECT customer, total FROM orders WHERE id = {input.OrderId}", out var order)
        .If(order.Total >= 1000,
            then: large => large
                .Execute($"UPDATE orders SET status = 'waiting for approval' WHERE id = {input.OrderId}")
                .WaitForSignal<Approval>("approval", TimeSpan.FromDays(1), out var approval)
                .If(approval.TimedOut || !approval.Data.Approved,
                    then: refused => refused
                        .Execute($"UPDATE orders SET status = 'refused' WHERE id = {input.OrderId}")
                        .Fail("nobody approved the order")))
        // A SQL step runs exactly once. An activity runs at least once, always with the same idempotency key.
        .Run(ChargeCard.Definition, new(order.Customer, order.Total), out var receipt, retry: new Retry(5))
        .Execute($"UPDATE orders SET status = 'paid, receipt ' || {receipt.Number} WHERE id = {input.OrderId}");
}

using PgDurable;

namespace Shop.Orders;

/// <summary>Reserves the goods, has large orders approved, charges the card and writes the invoice.</summary>
[Workflow("fulfil-order")]
public sealed partial class FulfilOrder : IWorkflow<FulfilOrder.Input>
{
    public sealed record Input(long OrderId);

    public sealed record Order(string Sku, int Quantity, string Account, decimal Total);

    public sealed record Approval(bool Approved, string By);

    public static Flow Define(Flow flow, Input input) => flow
        .QuerySingle<Order>($"SELECT sku, quantity, account, total FROM orders WHERE id = {input.OrderId}", out var order)
        .Try(
            body: f => f
                // A SQL step: exactly once. A constraint refuses it if there aren't enough.
                .Execute($"UPDATE products SET stock = stock - {order.Quantity} WHERE sku = {order.Sku}")
                    .Compensate(undo => undo.Execute($"UPDATE products SET stock = stock + {order.Quantity} WHERE sku = {order.Sku}"))
                .If(order.Total >= 1000,
                    then: large => large
                        .Execute($"UPDATE orders SET status = 'awaiting approval' WHERE id = {input.OrderId}")
                        .WaitForSignal<Approval>("approval", TimeSpan.FromHours(24), out var approval)
                        .If(approval.TimedOut, then: late => late.Fail("nobody approved it in time", "S0001"))
                        .If(!approval.Data.Approved, then: denied => denied.Fail($"{approval.Data.By} denied it", "S0002")))
                // An activity: at least once, but always with the same idempotency key.
                .Run(ChargeCard.Definition, new(order.Account, order.Total), out var charge, queue: "payments",
                    retry: new Retry(8) { Delay = TimeSpan.FromMilliseconds(500) })
                // A transactional activity: what it writes happens exactly once.
                .Run(WriteInvoice.Definition, new(input.OrderId, order.Total, charge.Id))
                .Execute($"UPDATE orders SET status = 'completed' WHERE id = {input.OrderId}"),
            // The reservation has been undone by now.
            onError: (f, error) => f.Execute(
                $"UPDATE orders SET status = 'rejected', reason = {error.Message} WHERE id = {input.OrderId}"));
}

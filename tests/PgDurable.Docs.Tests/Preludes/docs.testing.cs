// with: orders.cs

[Activity("send-mail")]
public sealed partial class SendMail : IActivity<SendMail.Input>
{
    public sealed record Input(string To);

    public Task RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
}

[Workflow("place-order")]
public sealed partial class PlaceOrder : IWorkflow<PlaceOrder.Input, PlaceOrder.Confirmation>
{
    public sealed record Input(long OrderId);
    public sealed record Order(string Account, decimal Total);
    public sealed record Confirmation(string Receipt);

    public static Flow<Confirmation> Define(Flow flow, Input input) => flow
        .QuerySingle<Order>($"SELECT account, total FROM orders WHERE order_id = {input.OrderId}", out var order)
        .Run(ChargeCard.Definition, new(order.Account, order.Total), out var receipt)
        .Run(SendMail.Definition, new(order.Account))
        .QuerySingle<Confirmation>($"SELECT {receipt.Id} AS receipt");
}

namespace PgDurable.Sdk.Tests;

[Workflow("order-approval", Version = 3)]
public sealed partial class OrderApproval : IWorkflow<OrderApproval.Input, OrderApproval.Decision>
{
    private const decimal Limit = 10_000m;

    public sealed record Input(long OrderId);

    public sealed record Order(long OrderId, decimal Total, string? Note);

    public sealed record Decision(string Status);

    public static Flow<Decision> Define(Flow flow, Input input) => flow
        .QuerySingle<Order>($"SELECT order_id, total, note FROM orders WHERE order_id = {input.OrderId}", out var order)
        .Execute($"INSERT INTO audit VALUES ({order.OrderId}, {order.Total}, {order.Note}, {Limit})")
        .QuerySingle<Decision>($"UPDATE orders SET status = 'approved' WHERE order_id = {order.OrderId} RETURNING status");
}

[Workflow("order-approval")]
public sealed partial class OrderApproval : IWorkflow<OrderApproval.Input, OrderApproval.Decision>
{
    public sealed record Input(long OrderId);
    public sealed record Order(long OrderId, decimal Total, string? Note);
    public sealed record Approval(bool Approved, string By);
    public sealed record Decision(string Status);

    public static Flow<Decision> Define(Flow flow, Input input) => flow
        .QuerySingle<Order>($"SELECT order_id, total, note FROM orders WHERE order_id = {input.OrderId}", out var order)
        .WaitForSignal<Approval>("approval", TimeSpan.FromDays(1), out var approval)
        .QuerySingle<Decision>($"SELECT {order.Note} AS status");
}

[Activity("charge-card")]
public sealed partial class ChargeCard : IActivity<ChargeCard.Input, ChargeCard.Receipt>
{
    public sealed record Input(string Account, decimal Total);
    public sealed record Receipt(string Id);

    public Task<Receipt> RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
}

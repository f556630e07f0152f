namespace PgDurable.Testing.Tests.Samples;

/// <summary>Waits a day for a human, then commits or rejects.</summary>
[Workflow("order-approval")]
public sealed partial class OrderApproval : IWorkflow<OrderApproval.Input, OrderApproval.Decision>
{
    public sealed record Input(long OrderId);
    public sealed record Order(long OrderId, decimal Total, string? Note);
    public sealed record Approval(bool Approved, string Approver);
    public sealed record Decision(string Status);

    public static Flow<Decision> Define(Flow flow, Input input) => flow
        // {input.OrderId} → $input.order_id; the row is captured as $order
        .QuerySingle<Order>($"SELECT order_id, total, note FROM orders WHERE order_id = {input.OrderId}", out var order)
        .WaitForSignal<Approval>("approval", TimeSpan.FromHours(24), out var approval)
        // a C# condition over results becomes a SQL condition; `timed_out` is a property, not a string to remember
        .If(!approval.TimedOut && approval.Data.Approved && order.Total < 10_000m,
            then: f => f.QuerySingle<Decision>($"UPDATE orders SET status = 'approved' WHERE order_id = {order.OrderId} RETURNING status"),
            otherwise: f => f.QuerySingle<Decision>(
                // string? → null-safe $order.note?
                $"UPDATE orders SET status = 'rejected', note = coalesce({order.Note}, 'timed out') WHERE order_id = {order.OrderId} RETURNING status"));
}

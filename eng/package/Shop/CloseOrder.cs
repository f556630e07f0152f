using PgDurable;

namespace Shop;

[Workflow("close-order")]
public sealed partial class CloseOrder : IWorkflow<CloseOrder.Input, CloseOrder.Closed>
{
    public sealed record Input(long OrderId);

    public sealed record Order(decimal Total, string? Note);

    public sealed record Approval(bool Approved, string By);

    public sealed record Closed(long OrderId, string Note);

    public static Flow<Closed> Define(Flow flow, Input input) => flow
        .QuerySingle<Order>($"SELECT total, note FROM orders WHERE order_id = {input.OrderId}", out var order)
        .WaitForSignal<Approval>("approval", TimeSpan.FromHours(24), out var approval)
        .If(!approval.TimedOut && approval.Data.Approved && order.Total < 100,
            then: f => f.QuerySingle<Closed>($"""
                UPDATE orders SET note = coalesce({order.Note}, 'closed at ' || {order.Total} || ' by ' || {approval.Data.By})
                 WHERE order_id = {input.OrderId} RETURNING order_id, note
                """),
            otherwise: f => f.Fail<Closed>($"order {input.OrderId} was not approved"));
}

public static class Workflows
{
    // The generated list is internal, so that the lists of two assemblies don't collide.
    public static IReadOnlyList<WorkflowDefinition> All => PgDurableWorkflows.All;
}

using PgDurable.Generated;

namespace PgDurable.Testing.Tests.Samples;

/// <summary>Waits a day for a human, then commits or rejects.</summary>
public sealed class OrderApproval : IWorkflow<OrderApproval.Input, OrderApproval.Decision>
{
    public sealed record Input(long OrderId);

    public sealed record Order(long OrderId, decimal Total, string? Note);

    public sealed record Approval(bool Approved, string Approver);

    public sealed record Decision(string Status);

    public static WorkflowDefinition<Input, Decision> Definition { get; } = Definitions.Of<Input, Decision>(
        "order-approval", 1, Graph(),
        (json, input) => json.WriteNumber("order_id", input.OrderId),
        result => ResultValue.First(result, "order-approval", row => new Decision(row["status"].String())));

    public static Flow<Decision> Define(Flow flow, Input input) => throw new NotSupportedException();

    public static DfNode Graph() => Df.Sql("SELECT order_id, total, note FROM orders WHERE order_id = $input.order_id").As("order")
        .Then(Df.WaitForSignal("approval", 86400).As("approval"))
        .Then(Df.If(
            "SELECT NOT $approval.timed_out AND coalesce(($approval.data? ->> 'approved')::boolean, false) AND $order.total < 10000",
            "UPDATE orders SET status = 'approved' WHERE order_id = $order.order_id RETURNING status",
            "UPDATE orders SET status = 'rejected', note = coalesce($order.note?, 'timed out') WHERE order_id = $order.order_id RETURNING status"));
}

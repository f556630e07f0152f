namespace PgDurable.EntityFrameworkCore.Tests;

[Workflow("close-order")]
public sealed partial class CloseOrder : IWorkflow<CloseOrder.Input>
{
    public sealed record Input(long OrderId);

    public static Flow Define(Flow flow, Input input) => flow
        .Execute($"UPDATE orders SET note = 'it''s $$closed$$ \\ $EF$' WHERE order_id = {input.OrderId}");
}

[Workflow("count-orders", Version = 2)]
public sealed partial class CountOrders : IWorkflow<CountOrders.Input, long>
{
    public sealed record Input(string Status);

    public static Flow<long> Define(Flow flow, Input input) =>
        flow.QuerySingle<long>($"SELECT count(*) FROM orders WHERE status = {input.Status}");
}

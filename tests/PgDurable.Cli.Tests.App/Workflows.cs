namespace PgDurable.Cli.Tests.App;

/// <summary>What can go wrong with tables, columns, types, functions and rights.</summary>
[Workflow("approve-order")]
public sealed partial class ApproveOrder : IWorkflow<ApproveOrder.Input, string>
{
    public sealed record Input(long OrderId, string Approver);

    public sealed record Order(long OrderId, decimal Total, string? Note);

    public static Flow<string> Define(Flow flow, Input input) => flow
        .QuerySingle<Order>($"SELECT order_id, total, note FROM orders WHERE order_id = {input.OrderId}", out var order)
        .Execute(
            $"INSERT INTO audit (order_id, amount, who) VALUES ({order.OrderId}, {order.Total} + tax_on({order.Total}), {input.Approver})")
        .QuerySingle<string>($"UPDATE orders SET note = coalesce({order.Note}, 'ok') WHERE order_id = {order.OrderId} RETURNING note");
}

/// <summary>Rows used as a table.</summary>
[Workflow("archive", Version = 2)]
public sealed partial class Archive : IWorkflow<Archive.Input>
{
    public sealed record Input(int Days);

    public sealed record Old(long OrderId, decimal Total);

    public static Flow Define(Flow flow, Input input) => flow
        .Query<Old>($"SELECT order_id, total FROM orders WHERE age_days > {input.Days}", out var old)
        .Execute($"INSERT INTO audit (order_id, amount, who) SELECT order_id, total, 'archive' FROM {old}")
        .Publish(flow.Instance.StartedAt)
        .Execute("VACUUM orders");
}

/// <summary>A typed result.</summary>
[Workflow("note-of-order")]
public sealed partial class NoteOfOrder : IWorkflow<NoteOfOrder.Input, NoteOfOrder.Found>
{
    public sealed record Input(long OrderId);

    public sealed record Found(long OrderId, string? Note);

    public static Flow<Found> Define(Flow flow, Input input) => flow
        .QuerySingle<Found>($"SELECT order_id, note FROM orders WHERE order_id = {input.OrderId}");
}

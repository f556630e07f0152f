using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using PgDurable;
using Shop.Data;

namespace Shop.Orders;

/// <summary>The shop's HTTP API.</summary>
public static class OrderEndpoints
{
    public sealed record NewOrder(string Sku, int Quantity, string Account);

    public sealed record Step(string Name, int Attempt, double Milliseconds, string? Error);

    public static void MapOrders(this WebApplication app)
    {
        app.MapPost("/orders", PostAsync);
        app.MapGet("/orders/{id:long}", GetAsync);
        app.MapPost("/orders/{id:long}/approve", ApproveAsync);
    }

    private static async Task<IResult> PostAsync(NewOrder request, ShopContext db, DurableClient durable, CancellationToken ct)
    {
        if (await db.Products.FindAsync([request.Sku], ct) is not { } product || request.Quantity < 1)
            return Results.BadRequest("no such product, or no such quantity");

        // The order and its workflow: both or neither.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var order = new Order
        {
            Sku = product.Sku,
            Quantity = request.Quantity,
            Account = request.Account,
            Total = product.Price * request.Quantity,
            Status = "new",
        };
        db.Orders.Add(order);
        await db.SaveChangesAsync(ct);
        var run = await durable.In((NpgsqlTransaction)transaction.GetDbTransaction())
            .StartByNameAsync(FulfilOrder.Definition, new FulfilOrder.Input(order.Id), new() { IdempotencyKey = $"order-{order.Id}" }, ct);
        order.InstanceId = run.InstanceId;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.Created($"/orders/{order.Id}", new { order.Id, order.Total, order.Status });
    }

    private static async Task<IResult> GetAsync(long id, ShopContext db, DurableClient durable, CancellationToken ct)
    {
        if (await db.Orders.AsNoTracking().SingleOrDefaultAsync(each => each.Id == id, ct) is not { } order)
            return Results.NotFound();
        var steps = new List<Step>();
        foreach (var step in await durable.HistoryAsync(order.InstanceId!, ct))
            steps.Add(new(step.Step, step.Attempt, step.Duration.TotalMilliseconds, step.Error));

        return Results.Ok(new { order.Id, order.Sku, order.Quantity, order.Total, order.Status, order.Reason, Steps = steps });
    }

    private static async Task<IResult> ApproveAsync(
        long id, FulfilOrder.Approval approval, ShopContext db, DurableClient durable, CancellationToken ct)
    {
        if (await db.Orders.AsNoTracking().SingleOrDefaultAsync(each => each.Id == id, ct) is not { } order)
            return Results.NotFound();
        if (order.Status != "awaiting approval")
            return Results.Conflict($"the order is {order.Status}");
        await FulfilOrder.SignalApprovalAsync(durable, order.InstanceId!, approval, ct);
        return Results.Accepted($"/orders/{id}");
    }
}

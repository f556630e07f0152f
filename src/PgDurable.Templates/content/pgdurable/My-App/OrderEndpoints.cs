using Npgsql;
using PgDurable;

namespace RootNs;

/// <summary>The HTTP API.</summary>
public static class OrderEndpoints
{
    public sealed record NewOrder(string Customer, decimal Total);

    public static void MapOrders(this WebApplication app)
    {
        app.MapPost("/orders", PostAsync);
        app.MapGet("/orders/{id:long}", GetAsync);
        app.MapPost("/orders/{id:long}/approve", ApproveAsync);
    }

    private static async Task<IResult> PostAsync(NewOrder order, NpgsqlDataSource dataSource, DurableClient durable, CancellationToken ct)
    {
        // The order and its workflow: both or neither.
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var insert = new NpgsqlCommand("INSERT INTO orders (customer, total) VALUES ($1, $2) RETURNING id", connection)
        {
            Parameters = { new() { Value = order.Customer }, new() { Value = order.Total } },
        };
        var id = (long)(await insert.ExecuteScalarAsync(ct))!;
        var run = await durable.In(transaction).StartByNameAsync(FulfilOrder.Definition, new FulfilOrder.Input(id), ct: ct);
        await using var remember = new NpgsqlCommand("UPDATE orders SET instance_id = $1 WHERE id = $2", connection)
        {
            Parameters = { new() { Value = run.InstanceId }, new() { Value = id } },
        };
        await remember.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.Created($"/orders/{id}", new { Id = id });
    }

    private static async Task<IResult> GetAsync(long id, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("SELECT customer, total, status FROM orders WHERE id = $1");
        select.Parameters.Add(new() { Value = id });
        await using var order = await select.ExecuteReaderAsync(ct);
        return await order.ReadAsync(ct)
            ? Results.Ok(new { Id = id, Customer = order.GetString(0), Total = order.GetDecimal(1), Status = order.GetString(2) })
            : Results.NotFound();
    }

    private static async Task<IResult> ApproveAsync(
        long id, FulfilOrder.Approval approval, NpgsqlDataSource dataSource, DurableClient durable, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("SELECT instance_id FROM orders WHERE id = $1");
        select.Parameters.Add(new() { Value = id });
        if (await select.ExecuteScalarAsync(ct) is not string instanceId)
            return Results.NotFound();
        await FulfilOrder.SignalApprovalAsync(durable, instanceId, approval, ct);
        return Results.Accepted($"/orders/{id}");
    }
}

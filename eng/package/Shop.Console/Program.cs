using Npgsql;
using PgDurable;
using Shop;

await using var dataSource = NpgsqlDataSource.Create(args[0]);
var durable = new DurableClient(dataSource);
var run = await CloseOrder.StartAsync(durable, new(OrderId: 1), new() { IdempotencyKey = "order-1" });
await CloseOrder.SignalApprovalAsync(durable, run.InstanceId, new(Approved: true, By: "jane"));
CloseOrder.Closed closed = await run.ResultAsync(TimeSpan.FromMinutes(1));
Console.WriteLine($"order {closed.OrderId}: {closed.Note}; {Workflows.All.Count} workflow");

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PgDurable;
using PgDurable.Worker;
using Shop;

// An application on a server without the extension: it installs the schema and runs its own workflows.
var connectionString = args[0];
await using var dataSource = NpgsqlDataSource.Create(connectionString);
await using (var connection = await dataSource.OpenConnectionAsync())
    await PgDurableSchema.InstallAsync(connection);

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddPgDurableWorker(options => options.ConnectionString = connectionString);
using var host = builder.Build();
await host.StartAsync();

var durable = new DurableClient(dataSource);
var run = await CloseOrder.StartAsync(durable, new(OrderId: 1));
await CloseOrder.SignalApprovalAsync(durable, run.InstanceId, new(Approved: true, By: "joe"));
var closed = await run.ResultAsync(TimeSpan.FromMinutes(1));
Console.WriteLine($"order {closed.OrderId}: {closed.Note}");
await host.StopAsync();

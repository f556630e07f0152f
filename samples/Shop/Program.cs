using Microsoft.EntityFrameworkCore;
using Npgsql;
using PgDurable;
using Shop.Data;
using Shop.Orders;
using Shop.Payments;

// `Shop payments` is the payment provider: another company's server, which this sample brings along.
if (args is ["payments", .. var rest])
{
    await PaymentServer.Create(rest).RunAsync();
    return;
}

var builder = WebApplication.CreateBuilder(args);
var connectionString = builder.Configuration.GetConnectionString("Shop")
    ?? throw new InvalidOperationException("Set ConnectionStrings:Shop, such as --ConnectionStrings:Shop \"Host=localhost;Database=shop\"");
var paymentsUrl = builder.Configuration["Payments:Url"] is { Length: > 0 } url
    ? new Uri(url)
    : await PaymentServer.StartAsync(builder.Configuration);

// One data source for Entity Framework, the client and the activities.
builder.Services.AddSingleton(NpgsqlDataSource.Create(connectionString));
builder.Services.AddDbContext<ShopContext>((services, options) => options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));
builder.Services.AddHttpClient<PaymentClient>(client => client.BaseAddress = paymentsUrl);

builder.Services.AddPgDurable();
builder.Services.AddPgDurableActivities(PgDurableActivities.All, (ActivityOptions options) =>
{
    options.Queues = ["default", "payments"];
    options.Limit(ChargeCard.Definition, 4);            // what the payment provider allows
    options.Lease = TimeSpan.FromSeconds(builder.Configuration.GetValue("Activities:LeaseSeconds", 30));
});
builder.Services.AddHealthChecks().AddPgDurable();
builder.Services.AddPgDurableDashboard();

var app = builder.Build();
app.MapHealthChecks("/health");
app.MapOrders();
app.MapPgDurable("/durable");   // open in Development; elsewhere it needs RequireAuthorization

// Creates the tables and registers the workflow. A real deployment runs its migrations before the application.
await using (var scope = app.Services.CreateAsyncScope())
    await scope.ServiceProvider.GetRequiredService<ShopContext>().Database.MigrateAsync();

await app.RunAsync();

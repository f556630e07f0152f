using Npgsql;
using PgDurable;
using RootNs;

var builder = WebApplication.CreateBuilder(args);
var connectionString = builder.Configuration.GetConnectionString("Database")
    ?? throw new InvalidOperationException("No database: start the application with run.sh, or set ConnectionStrings__Database.");

// True: this application runs the workflows, on any PostgreSQL. False: the server has the extension pg_durable, whose worker runs them.
var hostsWorker = builder.Configuration.GetValue("PgDurable:HostWorker", true);

builder.Services.AddSingleton(NpgsqlDataSource.Create(connectionString));
builder.Services.AddPgDurable();
builder.Services.AddPgDurableActivities(PgDurableActivities.All);
builder.Services.AddPgDurableDashboard();
builder.Services.AddHealthChecks().AddPgDurable();
if (hostsWorker)
    builder.Services.AddPgDurableWorker(options => options.ConnectionString = connectionString);

var app = builder.Build();
app.MapOrders();
app.MapHealthChecks("/health");
app.MapPgDurable("/durable");       // open in Development; elsewhere it needs RequireAuthorization

await Database.PrepareAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), hostsWorker, app.Environment.IsDevelopment());
await app.RunAsync();

// A process that runs the activities of this project until it is told to end, or killed.
//
//   PgDurable.ActivityRunner CONNECTION CONCURRENCY LEASE-SECONDS
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using PgDurable;

IReadOnlyList<ActivityDefinition> activities = PgDurableActivities.All;
var builder = Host.CreateApplicationBuilder();
builder.Services.AddSingleton(NpgsqlDataSource.Create(args[0]));
builder.Services.AddPgDurableActivities(activities, options =>
{
    options.MaxConcurrency = int.Parse(args[1], CultureInfo.InvariantCulture);
    options.Lease = TimeSpan.FromSeconds(int.Parse(args[2], CultureInfo.InvariantCulture));
});
await builder.Build().RunAsync();

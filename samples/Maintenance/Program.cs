using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using PgDurable;

if (args is not [var connectionString, .. var rest])
{
    Console.Error.WriteLine("usage: Maintenance CONNECTION_STRING");
    return 2;
}

await using var dataSource = NpgsqlDataSource.Create(connectionString);

// A deployment's migration would do both. Neither changes anything the second time.
await using (var connection = await dataSource.OpenConnectionAsync())
{
    await PgDurableRegistration.RegisterAsync(connection, PgDurableWorkflows.All);
    await using var schedule = new NpgsqlCommand(
        """
        SELECT df.schedule('maintain-tables', '0 3 * * *', 'maintain-tables', timezone => 'Europe/Paris',
                           input => '{"dead_percent": 20, "min_rows": 10000, "remind_after": "1 day", "reminders": 3}')
        """, connection);
    Console.WriteLine($"the schedule is {await schedule.ExecuteScalarAsync()}");
}

var builder = Host.CreateApplicationBuilder(rest);
builder.Services.AddSingleton(dataSource);
builder.Services.AddPgDurable();
builder.Services.AddPgDurableActivities(PgDurableActivities.All);
await builder.Build().RunAsync();
return 0;

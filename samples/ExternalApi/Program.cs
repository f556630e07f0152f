using ExternalApi;
using Npgsql;
using PgDurable;

switch (args)
{
    // Another company's server, which this sample brings along.
    case ["carrier", .. var rest]:
        await CarrierServer.Create(rest).RunAsync();
        return 0;

    case ["app", var connectionString, var carrier, .. var rest]:
        await using (var dataSource = NpgsqlDataSource.Create(connectionString))
        {
            await using (var connection = await dataSource.OpenConnectionAsync())
                await PgDurableRegistration.RegisterAsync(connection, PgDurableWorkflows.All);
            var builder = Host.CreateApplicationBuilder(rest);
            builder.Services.AddSingleton(dataSource);
            builder.Services.AddSingleton(new HttpClient { BaseAddress = new(carrier), Timeout = TimeSpan.FromSeconds(2) });
            builder.Services.AddPgDurableActivities(PgDurableActivities.All, options => options.Lease = TimeSpan.FromSeconds(3));
            await builder.Build().RunAsync();
        }

        return 0;

    default:
        Console.Error.WriteLine(
            """
            usage: ExternalApi carrier [--urls http://127.0.0.1:5300]
                   ExternalApi app CONNECTION_STRING CARRIER            registers the workflows, and runs the activity
            """);
        return 2;
}

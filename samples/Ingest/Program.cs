using Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using PgDurable;

if (args is not [var connectionString, var folder, .. var rest])
{
    Console.Error.WriteLine("usage: Ingest CONNECTION_STRING FOLDER     ingests FOLDER/inbox/*.csv, and moves them to FOLDER/done");
    return 2;
}

Directory.CreateDirectory(Path.Combine(folder, "inbox"));
Directory.CreateDirectory(Path.Combine(folder, "done"));
var builder = Host.CreateApplicationBuilder(rest);
builder.Services.AddSingleton(new Folders(folder));
builder.Services.AddSingleton(NpgsqlDataSource.Create(connectionString));
builder.Services.AddPgDurable();
builder.Services.AddPgDurableActivities(PgDurableActivities.All, (ActivityOptions options) => options.Lease = TimeSpan.FromSeconds(2));
builder.Services.AddHostedService<Inbox>();
await builder.Build().RunAsync();
return 0;

using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Npgsql;

// The executable that the extension's launcher starts. All settings come from the environment that the launcher gives it. libpq's own
// variables, which Npgsql reads too, say how to connect.
var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "pg_durable" });
builder.Logging
    .SetMinimumLevel(Environment.GetEnvironmentVariable("PG_DURABLE_LOG_LEVEL") is { } level
        && Enum.TryParse<LogLevel>(level, ignoreCase: true, out var parsed)
        ? parsed
        : LogLevel.Information)
    .AddFilter("Microsoft", LogLevel.Warning)
    .AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.UseUtcTimestamp, o.ColorBehavior) =
        (true, "yyyy-MM-dd HH:mm:ss.fff 'UTC' ", true, LoggerColorBehavior.Disabled));
builder.Services.AddPgDurableWorker(options =>
{
    options.ConnectionString = new NpgsqlConnectionStringBuilder
    {
        Host = Environment.GetEnvironmentVariable("PGHOST") ?? "localhost",
        Port = Number("PGPORT", 5432),
        Username = Environment.GetEnvironmentVariable("PGUSER"),
        Database = Environment.GetEnvironmentVariable("PGDATABASE"),
    }.ConnectionString;
    options.ExtensionOnly = true;
    options.MaxConcurrentSteps = Number("PG_DURABLE_MAX_USER_CONNECTIONS", options.MaxConcurrentSteps);
    options.MaxResultBytes = Number("PG_DURABLE_MAX_RESULT_BYTES", (int)options.MaxResultBytes);
    options.LogWorkflowSql = Environment.GetEnvironmentVariable("PG_DURABLE_LOG_WORKFLOW_SQL") == "true";
    options.FollowsServer = true;
});
builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(9.5)); // the launcher kills after 10 s

// The launcher passes on a reload of the server's configuration, which must not end the worker. It reads settings that can change from the
// database, with each sign of life.
using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);

try
{
    using var host = builder.Build();
    var asked = false;
    using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => asked = true);
    using var quit = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => asked = true);
    await host.RunAsync();
    return asked ? 0 : 70; // EX_SOFTWARE: nobody asked it to end
}
catch (Microsoft.Extensions.Options.OptionsValidationException e)
{
    await Console.Error.WriteLineAsync($"pg_durable worker: {e.Message}");
    return 78; // EX_CONFIG: the launcher doesn't try again until the configuration changes
}

static int Number(string variable, int otherwise) =>
    int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PgDurable.Worker.Tests.Activities;

/// <summary>An application that runs activities, in this process.</summary>
sealed class ActivityApp : IAsyncDisposable
{
    readonly IHost _host;

    ActivityApp(IHost host, LogLines lines) => (_host, Log) = (host, lines);

    public LogLines Log { get; }

    public static Task<ActivityApp> StartAsync(NpgsqlDataSource dataSource, Script script, Action<ActivityOptions>? configure = null) =>
        StartAsync(services => services.AddSingleton(dataSource).AddPgDurableActivities(script.Definitions, configure), script);

    public static async Task<ActivityApp> StartAsync(Action<IServiceCollection> configure, Script script)
    {
        var lines = new LogLines();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(lines).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddSingleton(script);
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new ActivityApp(host, lines);
    }

    /// <summary>Stops the host as an application does at its end.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>Waits for a line of the log.</summary>
    public Task LoggedAsync(string text) => Poll.UntilAsync(
        $"the log says '{text}'", () => Task.FromResult(Log.All.Any(line => line.Contains(text, StringComparison.Ordinal))));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

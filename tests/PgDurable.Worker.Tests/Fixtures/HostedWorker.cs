using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PgDurable.Worker.Hosting;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>A worker in a generic host, as an application has it, in this process.</summary>
public sealed class HostedWorker : IAsyncDisposable
{
    readonly IHost _host;
    readonly LogLines _lines;

    HostedWorker(IHost host, LogLines lines) => (_host, _lines) = (host, lines);

    /// <summary>What its metrics are made by, which tells them from those of other workers in this process.</summary>
    public object Meters => _host.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();

    /// <summary>Whether nothing has stopped the host.</summary>
    public bool IsRunning => !_host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    /// <summary>What it logged.</summary>
    public IReadOnlyCollection<string> Log => _lines.All;

    public static async Task<HostedWorker> StartAsync(string connectionString, Action<WorkerOptions>? configure = null)
    {
        var lines = new LogLines();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(lines).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddPgDurableWorker(options =>
        {
            options.ConnectionString = connectionString;
            configure?.Invoke(options);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new HostedWorker(host, lines);
    }

    /// <summary>Stops the host as an application does at its end.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

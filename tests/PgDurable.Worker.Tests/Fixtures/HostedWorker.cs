using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PgDurable.Worker.Hosting;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>A worker in a generic host, as an application has it, in this process.</summary>
public sealed class HostedWorker : IAsyncDisposable
{
    readonly IHost _host;
    readonly Lines _lines;

    HostedWorker(IHost host, Lines lines) => (_host, _lines) = (host, lines);

    /// <summary>What its metrics are made by, which tells them from those of other workers in this process.</summary>
    public object Meters => _host.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();

    /// <summary>Whether nothing has stopped the host.</summary>
    public bool IsRunning => !_host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    /// <summary>What it logged.</summary>
    public IReadOnlyCollection<string> Log => _lines.All;

    public static async Task<HostedWorker> StartAsync(string connectionString, Action<WorkerOptions>? configure = null)
    {
        var lines = new Lines();
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

    sealed class Lines : ILoggerProvider, ILogger
    {
        readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using PgDurable.Worker.Dispatch;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;
using Polly;
using Polly.Retry;

namespace PgDurable.Worker.Hosting;

/// <summary>
/// Keeps a worker session going: connects, registers, runs instances, and starts again with a new number when the database was lost. An outage is logged once and
/// waited for, never a crash.
/// </summary>
internal sealed class WorkerService(IOptions<WorkerOptions> options, ILogger<WorkerService> logger, StepTelemetry telemetry, TimeProvider time) : BackgroundService
{
    private string? _waitingFor;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var connections = new ConnectionFactory(options.Value.ConnectionString);
        var reconnect = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsOutage),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = TimeSpan.FromSeconds(2),
                UseJitter = true,
                OnRetry = retry => Report(retry.Outcome.Exception!.Message, retry.RetryDelay),
            })
            .Build();
        try
        {
            while (true)
            {
                await using var session = await reconnect.ExecuteAsync(
                    async ct => await WorkerSession.OpenAsync(connections, options.Value, logger, telemetry, time, ct), stoppingToken);
                _waitingFor = null;
                try
                {
                    await session.RunAsync(stoppingToken);
                }
                catch (Exception e) when (IsOutage(e))
                {
                    Log.SessionLost(logger, session.WorkerId, e.Message);
                }
                // Whatever ended the session may end the next one as soon: never a busy loop.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    private static bool IsOutage(Exception e) => e is NpgsqlException or WorkerSessionException or TimeoutException or IOException;

    private ValueTask Report(string reason, TimeSpan delay)
    {
        // Once per reason: a database without the extension must not fill the server's log.
        if (reason != _waitingFor) Log.SessionEnded(logger, _waitingFor = reason);
        else Log.StillWaiting(logger, reason, delay.TotalMilliseconds);
        return ValueTask.CompletedTask;
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>
/// Keeps a worker session going: connects, registers, runs instances, and starts again with a new number after the loss of the database. An
/// outage is logged once and waited for. Nothing that goes wrong here ends the application that hosts the worker.
/// </summary>
internal sealed class WorkerService(
    IOptions<WorkerOptions> options, ILogger<WorkerService> logger, StepTelemetry telemetry, TimeProvider time) : BackgroundService
{
    // A server that is down may be back at any moment, and asking costs nothing. A server that refuses says so in its log each time.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSchemaPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRefusedPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(5);

    private string? _waitingFor;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host must not wait for any of this
        var pause = Backoff.First;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            var longest = LongestPause;
            try
            {
                await RunSessionAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (WorkerSessionException e) when (e.IsFinal)
            {
                Log.SessionImpossible(logger, e.Message);
                return;
            }
            catch (Exception e)
            {
                Report(e);
                if (IsRefusal(e))
                    longest = LongestRefusedPause;
                else if (e is WorkerSessionException { IsOfSchema: true })
                    longest = LongestSchemaPause;
            }
            if (time.GetElapsedTime(began) > Healthy)
                pause = Backoff.First;
            try
            {
                await Task.Delay(pause * (0.75 + 0.5 * Random.Shared.NextDouble()), time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            pause = Backoff.Next(pause, longest);
        }
    }

    private async Task RunSessionAsync(CancellationToken stopping)
    {
        await using var session = await WorkerSession.OpenAsync(options.Value, logger, telemetry, time, stopping);
        _waitingFor = null;
        try
        {
            await session.RunAsync(stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested && (Faults.IsOfSession(e) || Faults.Passes(e)))
        {
            Log.SessionLost(logger, session.WorkerId, LogText.Of(e));
        }
    }

    /// <summary>Whether the server is there and refuses the worker as it is, until somebody does something about it.</summary>
    private static bool IsRefusal(Exception e) => e is PostgresException p && !Faults.Passes(p);

    private void Report(Exception e)
    {
        var reason = LogText.Of(e);
        // Once for each reason: a database without the extension must not fill the server's log.
        if (reason == _waitingFor)
            Log.StillWaiting(logger, reason);
        else if (Faults.IsOfSession(e) || e is PostgresException or TimeoutException or IOException or System.Net.Sockets.SocketException)
            Log.SessionEnded(logger, _waitingFor = reason);
        else
            Log.SessionDefect(logger, _waitingFor = reason, LogText.Place(e));
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PgDurable;

/// <summary>Runs the activities of an application for as long as it runs.</summary>
internal sealed class ActivityService : BackgroundService
{
    // Activities that were canceled may take this long to end.
    private static readonly TimeSpan CancellationTime = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyDictionary<string, ActivityDefinition> _activities;
    private readonly ActivityOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RunningTasks _running;
    private readonly TaskReporter _reporter;
    private readonly ActivityRunner _runner;
    private readonly ClaimLoop _claims;
    private volatile bool _isStopping;

    /// <exception cref="InvalidOperationException">Two activities have the same name.</exception>
    public ActivityService(
        ActivityRegistration registration, NpgsqlDataSource dataSource, IServiceScopeFactory scopes, TimeProvider time,
        ILoggerFactory loggers)
    {
        (_activities, _options, _time) = (registration.Activities(), registration.Options, time);
        _logger = loggers.CreateLogger(ActivityLog.Category);
        _running = new(_options);
        _reporter = new(dataSource, _options, _running, time, _logger);
        _runner = new(dataSource, scopes, _running, _reporter, time, loggers);
        _claims = new(dataSource, _options, ClaimGroup.Of(_activities.Keys, _options), _running, _reporter, Start, time, _logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_activities.Count == 0)
            return;
        ActivityLog.Started(
            _logger, string.Join(", ", _activities.Keys.Order(StringComparer.Ordinal)), string.Join(", ", _options.Queues),
            _options.MaxConcurrency);
        using var over = new CancellationTokenSource();
        var reports = _reporter.RunAsync();
        var leases = KeepLeasesAsync(over.Token);
        // The claim loop may be in a claim, whose tasks come back at once.
        using var stopping = stoppingToken.Register(() => _isStopping = true);
        await _claims.RunAsync(stoppingToken).ConfigureAwait(false);

        ActivityLog.Stopping(_logger, _running.Running);
        if (!await IsIdleAsync(_options.ShutdownTimeout).ConfigureAwait(false))
        {
            foreach (var run in _running.Open())
                run.Stop(StopReason.Shutdown);
            await IsIdleAsync(CancellationTime).ConfigureAwait(false);
        }
        _reporter.Finish();
        await Task.WhenAny(reports, Task.Delay(CancellationTime, _time, CancellationToken.None)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await leases.ConfigureAwait(false);
    }

    private void Start(List<ClaimedTask> tasks, long leaseEnds)
    {
        foreach (var task in tasks)
        {
            var run = new TaskRun(task, _activities[task.Activity], leaseEnds);
            _running.Enter(run);
            if (_isStopping)
            {
                _running.Leave(run);
                _reporter.Tell(new Report.Release(run, TimeSpan.Zero));
                continue;
            }
            var timeLeft = task.TimeLeft(_options.Lease);
            _ = Task.Run(() => _runner.RunAsync(run, timeLeft));
        }
    }

    private async Task<bool> IsIdleAsync(TimeSpan limit)
    {
        var idle = _running.IdleAsync();
        return await Task.WhenAny(idle, Task.Delay(limit, _time, CancellationToken.None)).ConfigureAwait(false) == idle;
    }

    // Doesn't wait for the database, so that activities learn in time that their leases have run out.
    private async Task KeepLeasesAsync(CancellationToken ct)
    {
        try
        {
            for (var beat = 1; ; beat = 1 - beat)
            {
                await Task.Delay(_options.Lease / 6, _time, ct).ConfigureAwait(false);
                foreach (var run in _running.Open())
                    if (!run.IsCommitting && Clock.Until(_time, run.LeaseEnds) < TimeSpan.Zero)
                        _reporter.Lose(run);
                if (beat == 0 && _running.HasOpen)
                    _reporter.Extend();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The service has ended.
        }
    }
}

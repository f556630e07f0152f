using Microsoft.Extensions.Logging;
using Npgsql;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Steps;
using PgDurable.Worker.Steps.Http;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>
/// One registration of this process with the database: a worker number, for as long as the connection lives that registered it. Whatever
/// ends the session also ends the number: claims made under it are void, and their late commits are fenced off.
/// </summary>
internal sealed partial class WorkerSession : IAsyncDisposable
{
    // Runners that help when roles that have more than one hold all others: see StepQueue.
    private const int ReserveRunners = 2;

    // The results of all instances together, and of one, may take as much memory as this many results of the maximum size.
    private const int HeldResultsOfLargestSize = 16;

    private readonly WorkerOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SessionConnections _connections;
    private readonly WorkerStore _store;
    private readonly Recorder _recorder;
    private readonly BackgroundWork _background;
    private readonly HttpRunner _http;
    private readonly InstancesInHand _inHand;
    private readonly ClaimLoop _claims;
    private readonly HeartbeatLoop _heartbeat;
    private readonly ScheduleLoop _schedules;
    private readonly RetentionLoop _retention;
    private readonly RoleLimits _limits;
    private readonly Func<bool, StepRunner> _createRunner;
    private readonly WakeSignal _claimSoon = new();
    private readonly WakeSignal _checkClaims = new();
    private readonly CancellationTokenSource _over = new();

    private WorkerSession(SessionConnections connections, WorkerOptions options, ILogger logger, StepTelemetry telemetry, TimeProvider time)
    {
        (_connections, _options, _logger, _time) = (connections, options, logger, time);
        var probe = connections.Probe;
        var onlyRole = probe.Sandboxed ? (uint?)null : probe.Role;
        var capacity = 2 * options.MaxConcurrentSteps; // twice as many as run, so that a free runner doesn't wait for the next claim
        var clock = new DatabaseClock(time);
        var memory = new ResultMemory(HeldResultsOfLargestSize * options.MaxResultBytes, time);
        _store = new WorkerStore(connections.Quick, connections.Durable, connections.Waiting, connections.WorkerId);
        _recorder = new Recorder(_store, logger, time);
        _background = new BackgroundWork(_store, logger, time, _over.Token);
        _inHand = new InstancesInHand(logger, telemetry.Metrics, _claimSoon);
        _limits = new RoleLimits(_store, time);
        _schedules = new ScheduleLoop(_store, onlyRole, logger, time);
        _retention = new RetentionLoop(_store, time);

        var services = new StepServices(
            connections.WorkerId, connections.Listener.Database, options, _store, new SessionFactory(connections.Factory, probe.Sandboxed),
            logger, telemetry, time, clock, _over.Token);
        var queue = new StepQueue(time, _limits.RunningSteps);
        var outside = new OutsideRunner(services);
        var suspects = new SuspectSteps(services);
        var patience = new Patience(time);
        _http = new HttpRunner(services);
        _createRunner = isReserve => new StepRunner(services, queue.Open(isReserve), outside, suspects, patience);

        var host = new InstanceHost(services, memory, _recorder, queue, outside, _http, suspects, _inHand, _background);
        var settings = new FollowedSettings(options, _http, probe.MinLoopInterval);
        var loader = new InstanceLoader(_store, host, memory, probe.SuperuserInstances, () => settings.MinLoopInterval);
        _claims = new ClaimLoop(
            _store, new FairClaims(_store, onlyRole, capacity, _limits, time), new PlaceKeeper(memory, capacity, time), loader, _inHand,
            host.Updates, memory, clock, options, capacity, _claimSoon, time);
        _heartbeat = new HeartbeatLoop(
            _store, suspects, _inHand, host.Updates, settings, clock, options, connections.WorkerId, _checkClaims, _claimSoon, logger);
    }

    public int WorkerId => _connections.WorkerId;

    public static async Task<WorkerSession> OpenAsync(
        WorkerOptions options, ILogger logger, StepTelemetry telemetry, TimeProvider time, CancellationToken ct)
    {
        var connections = await SessionConnections.OpenAsync(options, ct);
        var probe = connections.Probe;
        var mode = probe.Sandboxed ? "of all roles" : $"of role {probe.RoleName}";
        Log.SessionStarted(logger, connections.WorkerId, connections.Listener.Database, mode, options.MaxConcurrentSteps);
        return new WorkerSession(connections, options, logger, telemetry, time);
    }

    /// <summary>
    /// Runs instances until <paramref name="stopping"/> fires, or until the session is lost: then it throws what ended it.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var recording = new CancellationTokenSource(); // what the last steps leave behind is still written
        _connections.Listener.Notification += OnNotification;
        // Neither is canceled: the worker is registered, and only what follows unregisters it.
        // Before the first claim, because claims are on disk for a while after a death.
        await _heartbeat.RescueAsync(CancellationToken.None);
        // Before the first step, which counts too.
        await _limits.ReadAsync(CancellationToken.None);
        var runners = Enumerable.Range(0, _options.MaxConcurrentSteps + ReserveRunners)
            .Select(i => _createRunner(i >= _options.MaxConcurrentSteps).RunAsync(ended.Token))
            .ToList();
        var keeper = new LoopKeeper(_store, _logger, _time);
        List<Task> loops =
        [
            keeper.KeepAsync("claiming", _claims.RunAsync, ended.Token),
            keeper.KeepAsync("the heartbeat", _heartbeat.RunAsync, ended.Token),
            keeper.KeepAsync("retention", _retention.RunAsync, ended.Token),
            keeper.KeepAsync("schedules", _schedules.RunAsync, ended.Token),
            keeper.KeepAsync("limits", _limits.RunAsync, ended.Token),
            ListenAsync(ended.Token),
        ];
        var recorder = _recorder.RunAsync(recording.Token);
        // Until the end, because this is what stops steps.
        var watching = _connections.Factory.Backends.WatchAsync(
            _options.DeadConnectionLimit, pid => Log.DeadConnection(_logger, WorkerId, pid), _time, recording.Token);
        try
        {
            await await Task.WhenAny([.. loops, .. runners, recorder, watching, _background.SessionLost]);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The worker stops in good order.
        }
        finally
        {
            // The first failure, if any, is on its way to the caller. The others only follow from it.
            await ended.CancelAsync();
            var inGoodOrder = stopping.IsCancellationRequested && !_store.IsLost;
            await EndAsync([.. loops, recorder, watching], runners, recorder, recording, inGoodOrder);
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        while (true)
            await _connections.Listener.WaitAsync(ct);
    }

    // Anybody can notify, so a notification is a hint rather than an order: the database is asked what is true.
    private void OnNotification(object sender, NpgsqlNotificationEventArgs e) =>
        (e.Payload.StartsWith("cancel ", StringComparison.Ordinal) ? _checkClaims : _claimSoon).Set();
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Steps;
using PgDurable.Worker.Steps.Http;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Session;

/// <summary>
/// One registration of this process with the database: a worker number, for as long as the connection that registered it lives. Whatever ends the session ends the
/// number too; claims made under it are void, and their late commits are fenced off.
/// </summary>
internal sealed class WorkerSession : IAsyncDisposable
{
    // How long after the last work the worker goes on looking by itself, and how often.
    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BusyPollInterval = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(2);

    // Between two tries of a loop that fails: the pause doubles, and begins anew when the loop has run for a while.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestAside = TimeSpan.FromMinutes(10);

    // How long to wait for what belongs to a session that is over.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(1);

    private readonly WorkerOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly NpgsqlConnection _listener;
    private readonly ControlConnection _watch;
    private readonly Backends _backends;
    private readonly WorkerStore _store;
    private readonly InstanceLoader _loader;
    private readonly uint? _role;
    private readonly ScheduleStarter _schedules;
    private readonly StepRunnerContext _context;
    private readonly Recorder _recorder;
    private readonly Suspicion _suspicion;
    private readonly HttpExecutor _executor;
    private readonly HttpRunner _http;
    private readonly StepMetrics _metrics;
    private readonly DatabaseClock _clock;
    private readonly StepQueue _queue;
    private readonly RoleLimits _limits;
    private readonly FairClaims _claims;
    private readonly PlaceKeeper _places;
    private readonly HeldValues _values;
    private readonly OutsideRunner _outside;
    private readonly ConcurrentDictionary<long, InstanceFlow> _running = new();
    private readonly ConcurrentDictionary<long, int> _aside = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _checkClaims = new(0, 1);
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _minLoopInterval;
    private volatile bool _waitsForRoom;

    // Runners that come in when all others are held by roles that have more than one: see StepQueue.
    private const int ReserveRunners = 2;

    // How much an instance may carry along, and all of them together: so many results of the largest size.
    private const int HeldResultsOfLargestSize = 16;

    private WorkerSession(
        int workerId, ConnectionFactory connections, Connections own, DatabaseProbe probe, WorkerOptions options, ILogger logger, StepTelemetry telemetry, TimeProvider time)
    {
        (WorkerId, _options, _logger, _time, _listener, _watch) = (workerId, options, logger, time, own.Listener, own.Watch);
        _backends = connections.Backends;
        _store = new WorkerStore(own.Quick, own.Durable, workerId);
        _recorder = new Recorder(_store, logger, time);
        _suspicion = new Suspicion(_store, logger, time);
        _clock = new DatabaseClock(time);
        _role = probe.Sandboxed ? null : probe.Role;
        _minLoopInterval = probe.MinLoopInterval;
        _schedules = new ScheduleStarter(_store, _role, logger, time);
        _metrics = telemetry.Metrics;
        _values = new HeldValues(HeldResultsOfLargestSize * options.MaxResultBytes, time);
        _limits = new RoleLimits(_store, time);
        _claims = new FairClaims(_store, _role, Capacity, _limits, time);
        _places = new PlaceKeeper(_values, Capacity, time);
        _queue = new StepQueue(time, _limits.RunningSteps);
        _context = new StepRunnerContext(
            workerId, _listener.Database, options, logger, telemetry, time, _clock, ct => StepSession.OpenAsync(connections, probe.Sandboxed, ct),
            work => _suspicion.MayRunAgainAsync(work, _over.Token));
        _outside = new OutsideRunner(_context, (database, role, inBlock, ct) => OutsideSession.OpenAsync(connections, database, role, probe.Sandboxed, inBlock, ct));
        _executor = new HttpExecutor(logger, telemetry.Metrics, time, options.MaxResultBytes);
        var endpoints = new EndpointLookup((role, ct) => OutsideSession.OpenAsync(connections, null, role, probe.Sandboxed, inBlock: false, ct));
        _http = new HttpRunner(_store, _executor, endpoints, _clock, logger, telemetry, _listener.Database, Write, FreePlace, PutAside);
        var flows = new FlowContext(
            logger, telemetry.Metrics, time, _clock, _recorder, Run, _http.Send, new ChildRunner(_store, InBackground), Refresh, Release, Forget,
            (work, deaths) => InBackground(work.Flow, ct => _suspicion.RunAsync(work, deaths, Run, ct)),
            flow => InBackground(flow, ct => _store.ClearDeathsAsync(flow.Claim.InstanceNo, ct)), PutAside)
        {
            Values = _values,
            MaxHeld = HeldResultsOfLargestSize * options.MaxResultBytes,
        };
        _loader = new InstanceLoader(_store, flows, _values, probe.SuperuserInstances, () => _minLoopInterval);
    }

    public int WorkerId { get; }

    // As many again as are running, so that a runner that becomes free does not wait for the next claim.
    private int Capacity => 2 * _options.MaxConcurrentSteps;

    public static async Task<WorkerSession> OpenAsync(WorkerOptions options, ILogger logger, StepTelemetry telemetry, TimeProvider time, CancellationToken ct)
    {
        var connections = new ConnectionFactory(options.ConnectionString, options.DeadConnectionLimit);
        var opened = new List<NpgsqlConnection>();
        using var silence = new Timer(_ => connections.Backends.AbortAll(), null, 3 * options.DeadConnectionLimit, Timeout.InfiniteTimeSpan);
        async Task<NpgsqlConnection> Open(string purpose, string settings)
        {
            var connection = await connections.OpenControlAsync(purpose, settings, ct);
            opened.Add(connection);
            return connection;
        }

        try
        {
            var (listener, probe) = await DatabaseProbe.OpenAsync(connections, options.ExtensionOnly, CancellationToken.None);
            opened.Add(listener);
            var settings = $"{SessionSettings.Control(probe.Sandboxed)} {WorkerStore.LockTimeout}";
            connections.Backends.Watch = new ControlConnection(await Open("watch", settings));
            var own = new Connections(
                listener, connections.Backends.Watch, new ControlConnection(await Open("management", $"{settings} -c synchronous_commit=off")),
                new ControlConnection(await Open("record", settings)));
            var workerId = await WorkerRegistration.RegisterAsync(listener, options.SilenceLimit)
                ?? throw new WorkerSessionException("the server is a standby; waiting for its promotion");
            Log.SessionStarted(logger, workerId, listener.Database, probe.Sandboxed ? "of all roles" : $"of role {probe.RoleName}", options.MaxConcurrentSteps);
            return new WorkerSession(workerId, connections, own, probe, options, logger, telemetry, time);
        }
        catch
        {
            foreach (var connection in opened)
                await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs instances until <paramref name="stopping"/> fires, or until the session is lost: then it throws what ended it.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var recording = new CancellationTokenSource(); // what the last steps leave behind is still written
        _listener.Notification += OnNotification;
        // Before the first claim: what is claimed after a death is looked at more closely.
        await RescueAsync(CancellationToken.None);
        var runners = Enumerable.Range(0, _options.MaxConcurrentSteps + ReserveRunners)
            .Select(i => new StepRunner(_context, _queue.Open(isReserve: i >= _options.MaxConcurrentSteps), _outside.Run).RunAsync(ended.Token))
            .ToList();
        Task[] loops =
        [
            LoopAsync("claiming", ClaimAsync, ended.Token), LoopAsync("the sign of life", HeartbeatAsync, ended.Token), ListenAsync(ended.Token),
            LoopAsync("retention", PruneAsync, ended.Token), LoopAsync("schedules", _schedules.RunAsync, ended.Token), LoopAsync("limits", _limits.RunAsync, ended.Token),
            _recorder.RunAsync(recording.Token),
        ];
        // Until the end: it is what stops steps.
        var watching = _backends.WatchAsync(_options.DeadConnectionLimit, pid => Log.DeadConnection(_logger, WorkerId, pid), _time, recording.Token);
        try
        {
            await await Task.WhenAny([.. loops, .. runners, watching, _lost.Task]);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // stopping in good order
        }
        finally
        {
            // The first failure, if any, is on its way up; the others only follow from it.
            await ended.CancelAsync();
            await EndAsync([.. loops, watching], runners, recording, stopping.IsCancellationRequested && !_store.IsLost);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _backends.AbortAll();
        await _store.DisposeAsync();
        await _watch.DisposeAsync();
        await _listener.DisposeAsync();
        _http.Dispose();
    }

    private async Task EndAsync(Task[] loops, List<Task> runners, CancellationTokenSource recording, bool inGoodOrder)
    {
        if (inGoodOrder)
            Log.SessionStopping(_logger, WorkerId, _running.Count);
        if (inGoodOrder)
            await SettledAsync(runners, _options.ShutdownTimeout);

        // Those that still run are cancelled and rolled back; they run again elsewhere. With the session gone there is nobody to ask for that: they are cut off.
        foreach (var instance in _running.Values)
            instance.Stop();
        if (inGoodOrder)
            await SettledAsync(runners, EndWithin);
        _recorder.Complete();
        if (inGoodOrder)
            await SettledAsync([loops[^2]], _options.ShutdownTimeout);
        if (inGoodOrder)
            await UnregisterAsync();
        await recording.CancelAsync();
        await _over.CancelAsync();
        _backends.AbortAll();
        await SettledAsync([.. loops, .. runners], EndWithin);
        // What has not ended by now can do no harm: nothing that it commits counts any more.
        if (loops.Concat(runners).Count(task => !task.IsCompleted) is > 0 and var left)
            Log.LeftBehind(_logger, WorkerId, left);
    }

    private async Task SettledAsync(IEnumerable<Task> tasks, TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(tasks).WaitAsync(limit, _time).ConfigureAwait(ConfigureAwaitOptions.None);
        }
        catch (Exception)
        {
            // Each has reported where it failed, or takes too long.
        }
    }

    private async Task UnregisterAsync()
    {
        try
        {
            await _store.UnregisterAsync(CancellationToken.None).WaitAsync(EndWithin, _time);
        }
        catch (Exception e) when (e is NpgsqlException or WorkerConnectionException or TimeoutException)
        {
            // the server is gone as well; the next worker frees the claims
        }
    }

    /// <summary>Keeps one of the session's loops going: whatever fails in it, but for the loss of a connection, is logged and tried again.</summary>
    private async Task LoopAsync(string what, Func<CancellationToken, Task> loop, CancellationToken ct)
    {
        var (pause, reason) = (FirstPause, "");
        while (true)
        {
            var began = _time.GetTimestamp();
            try
            {
                await loop(ct);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested && !_store.IsLost && !Faults.IsOfSession(e))
            {
                if (_time.GetElapsedTime(began) > LongestPause)
                    (pause, reason) = (FirstPause, "");
                // Once per reason: the same again says nothing new.
                if (LogText.Of(e) is var text && text != reason)
                    Log.Retrying(_logger, what, reason = text);
            }
            await Task.Delay(pause, _time, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ClaimAsync(CancellationToken ct)
    {
        var idle = false;
        var lastWork = _time.GetTimestamp();
        var lastClaim = lastWork;
        while (true)
        {
            // Wait for room for a good batch: a claim costs about the same for one instance as for many. But not for long: others may have a right to a place, and
            // what is new for the instances in hand must get to them.
            _waitsForRoom = true;
            var places = PlaceKeeper.Count(_running.Values);
            while (Capacity - places.Values.Sum() < Math.Max(1, _options.MaxConcurrentSteps / 2)
                && FairClaims.LookInterval - _time.GetElapsedTime(lastClaim) is var left && left > TimeSpan.Zero)
            {
                await _wake.WaitAsync(left, ct);
                places = PlaceKeeper.Count(_running.Values);
            }
            _waitsForRoom = false;
            lastClaim = _time.GetTimestamp();

            var asked = _clock.Local;
            var claimed = await _claims.ClaimAsync(places, ct);
            _places.MakeRoom([.. _running.Values], places, _claims.IsContended ? _claims.Due : []);
            if (claimed.Count > 0)
            {
                lastWork = _time.GetTimestamp();
                _clock.Set(claimed[0].Now, asked);
                await TakeAsync(claimed, ct);
                // Commits that notify wait for each other, disk included. While there is work, looking often is cheaper for everybody.
                if (idle)
                    await _store.SetIdleAsync(idle = false, ct);
            }
            else if (!idle && !_claims.IsContended && _time.GetElapsedTime(lastWork) > BusyFor)
            {
                // And look once more after having said so: a start in between did not notify.
                await _store.SetIdleAsync(idle = true, ct);
                continue;
            }
            if (_running.IsEmpty && _time.GetElapsedTime(lastWork) > IdleFor)
                _values.Idle();
            await _wake.WaitAsync(idle ? _options.PollInterval : BusyPollInterval, ct);
        }
    }

    private async Task HeartbeatAsync(CancellationToken ct)
    {
        long[] strays = [];
        while (true)
        {
            await RescueAsync(ct);
            await _suspicion.ForgetAsync(ct);
            var known = _running.Keys.ToArray(); // before asking: what is claimed meanwhile is not in the answer
            var asked = _clock.Local;
            var (now, minLoopInterval, maxResultBytes) = await _store.NowAsync(ct);
            _clock.Set(now, asked);
            Follow(minLoopInterval, maxResultBytes);
            var held = await _store.HeartbeatAsync(ct)
                ?? throw new WorkerSessionException("other workers took this one for dead, it had been silent for too long");
            foreach (var lost in known.Except(held))
                Stop(lost);
            await TellNewsAsync(await _store.UpdatedInstancesAsync(ct), ct);

            // Held, but not in hand, at two looks: a release that found the row locked.
            var forgotten = held.Where(no => !_running.ContainsKey(no)).ToArray();
            await _store.ReturnToQueueAsync([.. forgotten.Intersect(strays)], TimeSpan.Zero, ct);
            strays = forgotten;
            await _checkClaims.WaitAsync(_options.HeartbeatInterval, ct);
        }
    }

    private async Task RescueAsync(CancellationToken ct)
    {
        var dead = await _store.RescueAsync(ct);
        if (dead.Length == 0)
            return;
        Log.WorkersRescued(_logger, WorkerId, string.Join(", ", dead));
        await _suspicion.FoundDeadAsync(ct);
        Wake();
    }

    // Settings that the server has read again.
    private void Follow(TimeSpan? minLoopInterval, long? maxResultBytes)
    {
        if (minLoopInterval is { } interval)
            _minLoopInterval = interval;
        if (_options.FollowsServer && maxResultBytes is { } bytes)
            _options.MaxResultBytes = _executor.MaxResultBytes = bytes;
    }

    private async Task PruneAsync(CancellationToken ct)
    {
        await new HistoryPruner(_store, _time).RunAsync(ct);
        await Task.Delay(Timeout.InfiniteTimeSpan, ct); // retention is off, which is no reason to end the session
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        while (true)
            await _listener.WaitAsync(ct);
    }

    // Anybody can notify, so a notification is a hint and no order: the database is asked what is true.
    private void OnNotification(object sender, NpgsqlNotificationEventArgs e) =>
        Signal(e.Payload.StartsWith("cancel ", StringComparison.Ordinal) ? _checkClaims : _wake);

    private async Task TakeAsync(List<ClaimedInstance> claimed, CancellationToken ct)
    {
        foreach (var loaded in await _loader.LoadAsync([.. claimed.Where(claim => !claim.Held)], ct))
        {
            _metrics.InstanceClaimed();
            var flow = loaded.Flow;
            _running[flow.Claim.InstanceNo] = flow;
            flow.Begin(loaded.Decision);
        }
        foreach (var claim in claimed)
            if (_running.TryGetValue(claim.InstanceNo, out var flow) && (claim.Held || flow.WaitsForNews))
                await TellNewsAsync([claim.InstanceNo], ct);
    }

    private async Task TellNewsAsync(long[] instances, CancellationToken ct)
    {
        foreach (var no in instances)
        {
            if (!_running.TryGetValue(no, out var flow))
                continue;
            try
            {
                await TellNewsAsync(flow, ct);
            }
            catch (Exception e) when (!Faults.IsOfSession(e) && e is not OperationCanceledException)
            {
                Refresh(flow); // until it succeeds, or the instance fails for it
            }
        }
    }

    private async Task TellNewsAsync(InstanceFlow flow, CancellationToken ct)
    {
        var no = flow.Claim.InstanceNo;
        var (signals, children) = flow.WaitsFor();
        flow.News(
            await _store.SignalsAsync(no, signals, ct),
            children ? await _store.ChildrenAsync(no, ct) : [],
            await _store.IsPausedAsync(no, ct));
    }

    private void Stop(long instanceNo)
    {
        if (!_running.TryRemove(instanceNo, out var flow))
            return;
        Log.InstanceStopped(_logger, flow.Claim.Id);
        _metrics.InstanceEnded(InstanceEnd.Cancelled);
        flow.Stop();
        if (_waitsForRoom)
            Wake();
    }

    private void Run(StepWork work)
    {
        if (work.Flow.Claim.Database is null)
            _queue.Add(work);
        else
            _outside.Run(work);
    }

    // The answer of a request into a table: with its checkpoint where that is possible.
    private void Write(StepWork work)
    {
        if (work.Flow.Claim.Database is not { } database || database == _context.Database)
            _queue.Add(work);
        else
            _outside.Run(work);
    }

    private void Refresh(InstanceFlow flow) => InBackground(flow, ct => TellNewsAsync(flow, ct));

    private void Release(InstanceFlow flow, TimeSpan delay) => InBackground(flow, async ct =>
    {
        await _store.ReturnToQueueAsync([flow.Claim.InstanceNo], delay, ct);
        Forget(flow);
    });

    // Not even its failure could be recorded. Others get on, and so may it, one day.
    private void PutAside(InstanceFlow flow)
    {
        var delay = TimeSpan.FromSeconds(1 << Math.Min(_aside.AddOrUpdate(flow.Claim.InstanceNo, 0, (_, tries) => tries + 1), 10));
        flow.GiveBack(delay < LongestAside ? delay : LongestAside, evenIfEnded: true);
    }

    /// <summary>
    /// Does something for an instance, on another thread. It is tried until it succeeds, for as long as the session lasts; what can't succeed is the instance's failure. Nothing is
    /// forgotten, and nothing held for ever.
    /// </summary>
    private void InBackground(InstanceFlow flow, Func<CancellationToken, Task> work) => _ = Task.Run(async () =>
    {
        var reported = false;
        for (var pause = FirstPause; !_over.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await work(_over.Token);
                return;
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
                return; // the session is over, and what it held is claimed by the next one
            }
            catch (Exception e) when (_store.IsLost || Faults.IsOfSession(e))
            {
                _lost.TrySetException(e);
                return;
            }
            catch (Exception e) when (Faults.IsOfData(e))
            {
                flow.Defective(e);
                return;
            }
            catch (Exception e)
            {
                if (!reported)
                    Log.Retrying(_logger, $"a statement for instance {flow.Claim.Id}", LogText.Of(e));
                reported = true;
            }
            try
            {
                await Task.Delay(pause, _time, _over.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    });

    private void Forget(InstanceFlow flow)
    {
        _running.TryRemove(new KeyValuePair<long, InstanceFlow>(flow.Claim.InstanceNo, flow));
        if (!_aside.IsEmpty && !flow.IsPutAside)
            _aside.TryRemove(flow.Claim.InstanceNo, out _);
        if (_waitsForRoom)
            Wake();
    }

    // Counted anew by the claim.
    private void FreePlace()
    {
        if (_waitsForRoom)
            Wake();
    }

    private void Wake() => Signal(_wake);

    private static void Signal(SemaphoreSlim semaphore)
    {
        try
        {
            if (semaphore.CurrentCount == 0)
                semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // somebody else signalled at the same moment
        }
    }

    /// <summary>The connections that a session consists of, apart from those of steps.</summary>
    /// <param name="Listener">Registers the worker, hears notifications, and holds the lock that says that it lives.</param>
    /// <param name="Watch">Looks after the others.</param>
    /// <param name="Quick">See <see cref="WorkerStore"/>.</param>
    /// <param name="Durable">See <see cref="WorkerStore"/>.</param>
    private sealed record Connections(NpgsqlConnection Listener, ControlConnection Watch, ControlConnection Quick, ControlConnection Durable);
}

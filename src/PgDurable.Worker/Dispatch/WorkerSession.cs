using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Dispatch.Fairness;
using PgDurable.Worker.Execution.Http;
using PgDurable.Worker.Hosting;
using PgDurable.Worker.Maintenance;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Dispatch;

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

    private readonly WorkerOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly NpgsqlConnection _listener;
    private readonly WorkerStore _store;
    private readonly InstanceLoader _loader;
    private readonly uint? _role;
    private readonly ScheduleStarter _schedules;
    private readonly StepRunnerContext _context;
    private readonly Recorder _recorder;
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
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _checkClaims = new(0, 1);
    private volatile bool _waitsForRoom;

    // Runners that come in when all others are held by roles that have more than one: see StepQueue.
    private const int ReserveRunners = 2;

    // How much an instance may carry along, and all of them together: so many results of the largest size.
    private const int HeldResultsOfLargestSize = 16;

    private WorkerSession(
        int workerId, ConnectionFactory connections, NpgsqlConnection listener, NpgsqlConnection control, DatabaseProbe probe, WorkerOptions options,
        ILogger logger, StepTelemetry telemetry, TimeProvider time)
    {
        (WorkerId, _options, _logger, _time, _listener) = (workerId, options, logger, time, listener);
        _store = new WorkerStore(control, workerId);
        _recorder = new Recorder(_store);
        _clock = new DatabaseClock(time);
        _role = probe.Sandboxed ? null : probe.Role;
        _schedules = new ScheduleStarter(_store, _role, logger, time);
        _metrics = telemetry.Metrics;
        _values = new HeldValues(HeldResultsOfLargestSize * options.MaxResultBytes);
        _limits = new RoleLimits(_store, time);
        _claims = new FairClaims(_store, _role, Capacity, _limits, time);
        _places = new PlaceKeeper(_values, Capacity, time);
        _queue = new StepQueue(time, _limits.RunningSteps);
        _context = new StepRunnerContext(workerId, listener.Database, options, logger, telemetry, time, _clock, ct => StepSession.OpenAsync(connections, probe.Sandboxed, ct));
        _outside = new OutsideRunner(_context, (database, role, ct) => OutsideSession.OpenAsync(connections, database, role, probe.Sandboxed, ct));
        _http = new HttpRunner(_store, new HttpExecutor(logger, telemetry.Metrics, time, options.MaxResultBytes), _clock, logger, telemetry, FreePlace);
        var flows = new FlowContext(
            logger, telemetry.Metrics, time, _clock, _recorder, work => (work.Flow.Claim.Database is null ? (Action<StepWork>)_queue.Add : _outside.Run)(work), _http.Send, new ChildRunner(_store), Refresh, Release, Forget)
        {
            Values = _values,
            MaxHeld = HeldResultsOfLargestSize * options.MaxResultBytes,
        };
        _loader = new InstanceLoader(_store, flows, _values, probe.SuperuserInstances, probe.MinLoopInterval);
    }

    public int WorkerId { get; }

    // As many again as are running, so that a runner that becomes free does not wait for the next claim.
    private int Capacity => 2 * _options.MaxConcurrentSteps;

    public static async Task<WorkerSession> OpenAsync(
        ConnectionFactory connections, WorkerOptions options, ILogger logger, StepTelemetry telemetry, TimeProvider time, CancellationToken ct)
    {
        var (listener, probe) = await DatabaseProbe.OpenAsync(connections, options.ExtensionOnly, ct);
        NpgsqlConnection? control = null;
        try
        {
            control = await connections.OpenAsync("management", $"{SessionSettings.Control(probe.Sandboxed)} -c synchronous_commit=off {WorkerStore.LockTimeout}", ct);
            await using (var listen = new NpgsqlCommand(SqlCatalog.Listen, listener)) await listen.ExecuteNonQueryAsync(ct);
            await using var register = new NpgsqlCommand(SqlCatalog.Register, listener)
            {
                Parameters =
                {
                    new() { Value = Environment.MachineName },
                    new() { Value = Environment.ProcessId },
                    new() { Value = typeof(WorkerSession).Assembly.GetName().Version!.ToString(3), NpgsqlDbType = NpgsqlDbType.Text },
                },
            };
            if (await register.ExecuteScalarAsync(ct) is not int workerId)
                throw new WorkerSessionException("the server is a standby; waiting for its promotion");
            Log.SessionStarted(logger, workerId, listener.Database, probe.Sandboxed ? "of all roles" : $"of role {probe.RoleName}", options.MaxConcurrentSteps);
            return new WorkerSession(workerId, connections, listener, control, probe, options, logger, telemetry, time);
        }
        catch
        {
            if (control is not null) await control.DisposeAsync();
            await listener.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs instances until <paramref name="stopping"/> fires, or until the session is lost: then it throws what ended it.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var recording = new CancellationTokenSource(); // what the last steps leave behind is still written
        _listener.Notification += OnNotification;
        var runners = Enumerable.Range(0, _options.MaxConcurrentSteps + ReserveRunners)
            .Select(i => new StepRunner(_context, _queue.Open(isReserve: i >= _options.MaxConcurrentSteps), _outside.Run).RunAsync(ended.Token))
            .ToList();
        Task[] loops =
        [
            ClaimAsync(ended.Token), HeartbeatAsync(ended.Token), ListenAsync(ended.Token), PruneAsync(ended.Token),
            _schedules.RunAsync(ended.Token), _limits.RunAsync(ended.Token), _recorder.RunAsync(recording.Token),
        ];
        try
        {
            await await Task.WhenAny([.. loops, .. runners]);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // stopping in good order
        }
        finally
        {
            // The first failure, if any, is on its way up; the others only follow from it.
            await ended.CancelAsync();
            await EndAsync(loops, runners, recording, stopping.IsCancellationRequested);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _listener.DisposeAsync();
        _http.Dispose();
        _wake.Dispose();
        _checkClaims.Dispose();
    }

    private async Task EndAsync(Task[] loops, List<Task> runners, CancellationTokenSource recording, bool inGoodOrder)
    {
        if (inGoodOrder) Log.SessionStopping(_logger, WorkerId, _running.Count);
        var finished = Task.WhenAll(runners);
        try
        {
            if (inGoodOrder) await finished.WaitAsync(_options.ShutdownTimeout, _time);
        }
        catch (TimeoutException)
        {
            // cancelled and rolled back below; they run again elsewhere
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // reported where it happened
        }

        foreach (var instance in _running.Values) instance.Stop();
        _recorder.Complete();
        recording.CancelAfter(_options.ShutdownTimeout);
        await Task.WhenAll([.. loops, .. runners]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!inGoodOrder) return;
        try
        {
            await _store.UnregisterAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // the server is gone as well; the next worker frees the claims
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
                if (idle) await _store.SetIdleAsync(idle = false, ct);
            }
            else if (!idle && !_claims.IsContended && _time.GetElapsedTime(lastWork) > BusyFor)
            {
                // And look once more after having said so: a start in between did not notify.
                await _store.SetIdleAsync(idle = true, ct);
                continue;
            }
            if (_running.IsEmpty && _time.GetElapsedTime(lastWork) > IdleFor) _values.Idle();
            await _wake.WaitAsync(idle ? _options.PollInterval : BusyPollInterval, ct);
        }
    }

    private async Task HeartbeatAsync(CancellationToken ct)
    {
        long[] strays = [];
        while (true)
        {
            var dead = await _store.RescueAsync(_options.SilenceLimit, ct);
            if (dead.Length > 0)
            {
                Log.WorkersRescued(_logger, WorkerId, string.Join(", ", dead));
                Wake();
            }
            var known = _running.Keys.ToArray(); // before asking: what is claimed meanwhile is not in the answer
            var asked = _clock.Local;
            _clock.Set(await _store.NowAsync(ct), asked);
            var held = await _store.HeartbeatAsync(ct)
                ?? throw new WorkerSessionException("other workers took this one for dead, it had been silent for too long");
            foreach (var lost in known.Except(held)) Stop(lost);
            await TellNewsAsync(await _store.NewsAsync(ct), ct);

            // Held, but not in hand, at two looks: a release that found the row locked.
            var forgotten = held.Where(no => !_running.ContainsKey(no)).ToArray();
            await _store.ReleaseAsync([.. forgotten.Intersect(strays)], TimeSpan.Zero, ct);
            strays = forgotten;
            await _checkClaims.WaitAsync(_options.HeartbeatInterval, ct);
        }
    }

    private async Task PruneAsync(CancellationToken ct)
    {
        await new HistoryPruner(_store, _time).RunAsync(ct);
        await Task.Delay(Timeout.InfiniteTimeSpan, ct); // retention is off, which is no reason to end the session
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        while (true) await _listener.WaitAsync(ct);
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
            if (_running.TryGetValue(claim.InstanceNo, out var flow) && (claim.Held || flow.WaitsForNews)) await TellNewsAsync(flow, ct);
    }

    private async Task TellNewsAsync(long[] instances, CancellationToken ct)
    {
        foreach (var no in instances)
            if (_running.TryGetValue(no, out var flow)) await TellNewsAsync(flow, ct);
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
        if (!_running.TryRemove(instanceNo, out var flow)) return;
        Log.InstanceStopped(_logger, flow.Claim.Id);
        _metrics.InstanceEnded(InstanceEnd.Cancelled);
        flow.Stop();
        if (_waitsForRoom) Wake();
    }

    private void Refresh(InstanceFlow flow) => _ = InBackgroundAsync(() => TellNewsAsync(flow, CancellationToken.None));

    private void Release(InstanceFlow flow, TimeSpan delay) => _ = InBackgroundAsync(async () =>
    {
        await _store.ReleaseAsync([flow.Claim.InstanceNo], delay, CancellationToken.None);
        Forget(flow);
    });

    private async Task InBackgroundAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The control connection is lost, and with it the session: the loops notice, and the next session claims the instance again.
            Log.SessionLost(_logger, WorkerId, e.Message);
        }
    }

    private void Forget(InstanceFlow flow)
    {
        _running.TryRemove(new KeyValuePair<long, InstanceFlow>(flow.Claim.InstanceNo, flow));
        if (_waitsForRoom) Wake();
    }

    // Counted anew by the claim.
    private void FreePlace()
    {
        if (_waitsForRoom) Wake();
    }

    private void Wake() => Signal(_wake);

    private static void Signal(SemaphoreSlim semaphore)
    {
        try
        {
            if (semaphore.CurrentCount == 0) semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // somebody else signalled at the same moment
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
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
    private readonly OutsideRunner _outside;
    private readonly ConcurrentDictionary<long, InstanceFlow> _running = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _checkClaims = new(0, 1);
    private volatile bool _waitsForRoom;

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
        _queue = new StepQueue(time);
        _context = new StepRunnerContext(workerId, listener.Database, options, logger, telemetry, time, _clock, probe.AcquireTimeout, ct => StepSession.OpenAsync(connections, probe.Sandboxed, ct));
        _outside = new OutsideRunner(_context, (database, role, ct) => OutsideSession.OpenAsync(connections, database, role, probe.Sandboxed, ct));
        _http = new HttpRunner(_store, new HttpExecutor(logger, telemetry.Metrics, time, options.MaxResultBytes), _clock, logger, telemetry);
        var flows = new FlowContext(
            logger, telemetry.Metrics, time, _clock, _recorder, work => (work.Flow.Claim.Database is null ? (Action<StepWork>)_queue.Add : _outside.Run)(work), _http.Send, new ChildRunner(_store), Refresh, Release, Forget);
        _loader = new InstanceLoader(_store, flows, probe.SuperuserInstances, probe.MinLoopInterval);
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
            control = await connections.OpenAsync("management", $"{SessionSettings.Control(probe.Sandboxed)} -c synchronous_commit=off", ct);
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
        var runners = Enumerable.Range(0, _options.MaxConcurrentSteps)
            .Select(_ => new StepRunner(_context, _queue, _outside.Run).RunAsync(ended.Token))
            .ToList();
        Task[] loops =
        [
            ClaimAsync(ended.Token), HeartbeatAsync(ended.Token), ListenAsync(ended.Token), PruneAsync(ended.Token),
            _schedules.RunAsync(ended.Token), ExpireAsync(ended.Token), _recorder.RunAsync(recording.Token),
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
        _outside.Dispose();
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
        while (true)
        {
            // Wait for room for a good batch: a claim costs about the same for one instance as for many.
            _waitsForRoom = true;
            while (Capacity - _running.Count < Math.Max(1, _options.MaxConcurrentSteps / 2)) await _wake.WaitAsync(ct);
            _waitsForRoom = false;

            var asked = _clock.Local;
            var claimed = await _store.ClaimAsync(Capacity - _running.Count, _role, ct);
            if (claimed.Count > 0)
            {
                lastWork = _time.GetTimestamp();
                _clock.Set(claimed[0].Now, asked);
                await TakeAsync(claimed, ct);
                // Commits that notify wait for each other, disk included. While there is work, looking often is cheaper for everybody.
                if (idle) await _store.SetIdleAsync(idle = false, ct);
            }
            else if (!idle && _time.GetElapsedTime(lastWork) > BusyFor)
            {
                // And look once more after having said so: a start in between did not notify.
                await _store.SetIdleAsync(idle = true, ct);
                continue;
            }
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

    private Task ExpireAsync(CancellationToken ct) =>
        _queue.ExpireAsync(_context.AcquireTimeout, work => StepRunner.Fail(work, _context.NoSlot(), _clock.Now), ct);

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
            if (_running.TryGetValue(claim.InstanceNo, out var flow) && (claim.Held || flow.WaitsFor() != default)) await TellNewsAsync(flow, ct);
    }

    private async Task TellNewsAsync(InstanceFlow flow, CancellationToken ct)
    {
        var no = flow.Claim.InstanceNo;
        var (signals, children) = flow.WaitsFor();
        flow.News(
            signals ? await _store.SignalsAsync([no], ct) : [],
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

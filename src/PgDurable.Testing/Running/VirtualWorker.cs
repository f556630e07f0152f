using System.Text.Json;
using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;

namespace PgDurable.Testing.Running;

/// <summary>
/// A worker and its database in memory. The worker's own <see cref="ActiveInstance"/> handles instances; this type provides what surrounds
/// it: the tables, the clock, the execution of steps, and crashes. Actions run one after the other, in the order in which they were
/// requested, and time advances once nothing is left to do.
/// </summary>
internal sealed partial class VirtualWorker : IInstanceHost
{
    private readonly Queue<Func<ValueTask>> _todo = new();
    private readonly List<VirtualInstance> _instances = [];
    private readonly Dictionary<(string Workflow, int Node), int> _attempts = [];
    private readonly VirtualTime _time;
    private readonly IAnswers _answers;
    private readonly CrashPlan _crashes;
    private readonly RunLog _log;
    private long _signalNo;
    private int _recorded;
    private bool _isStopped;

    public VirtualWorker(VirtualTime time, IAnswers answers, CrashPlan crashes, RunLog log, TimeSpan minLoopInterval)
    {
        (_time, _answers, _crashes, _log, MinLoopInterval) = (time, answers, crashes, log, minLoopInterval);
        Clock = new DatabaseClock(time);
    }

    public TimeSpan MinLoopInterval { get; }

    /// <summary>The number of ended steps and waits that stops a workflow that would run forever.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>Decides after each step whether the run stops.</summary>
    public Func<ExecutedStep, Node, bool>? StopWhen { get; set; }

    public IReadOnlyList<VirtualInstance> Instances => _instances;

    /// <summary>Runs until an instance ends, nothing more can happen, or the run is to stop.</summary>
    public async Task RunAsync(VirtualInstance root, TimeSpan? limit, CancellationToken ct)
    {
        var until = limit is { } span ? _time.Now + span : (DateTimeOffset?)null;
        while (!root.HasEnded && !_isStopped)
        {
            ct.ThrowIfCancellationRequested();
            if (_todo.TryDequeue(out var what))
            {
                await what().ConfigureAwait(false);
                continue;
            }
            if (_time.Next() is not { } next)
                return;
            if (next > until)
            {
                _time.GoTo(until.Value);
                return;
            }
            _time.RunNext();
        }
    }

    private void Later(Action what) => _todo.Enqueue(() =>
    {
        what();
        return ValueTask.CompletedTask;
    });

    private VirtualInstance Find(long no) => _instances[(int)no - 1];

    private void Claim(VirtualInstance instance)
    {
        if (instance.HasEnded || instance.InHand is not null)
            return;
        var claim = new ClaimedInstance(
            instance.No, instance.Facts.Id, 1, 10, "test", false, instance.IsResumed, instance.Facts.InputJson, instance.Facts.Label, null,
                null, instance.Workflow,
            instance.StartedAt, _time.Now, false, false, null, false);
        var known = instance.State;
        var state = instance.State = known ?? new WorkflowState(instance.Graph, instance.Facts);
        var decision = known is not null ? new Decision([.. known.InFlight.Values.Select(open => open.Command)], [], [], null)
            : instance.IsResumed ? WorkflowEngine.Recover(state, instance.StartedAt, [.. instance.Checkpoints.Select(Input)])
            : WorkflowEngine.Start(state, instance.StartedAt);
        var active = new ActiveInstance(this, claim, state, instance.LastSeq);
        (instance.InHand, instance.Parked, instance.IsResumed) = (active, null, true);
        active.Begin(decision);
        if (active.WaitsForUpdates)
            DeliverUpdates(active);
    }

    /// <summary>Converts a recorded checkpoint back to an input of the engine.</summary>
    public static Checkpoint Input(CheckpointRecord row) => new(
        row.Execution, row.FinishedAt, row.ResultJson is null ? null
            : new StepResult(row.ResultJson, ResultColumns.Deserialize(row.ColumnsJson)),
        row.ErrorJson is null ? null : ErrorJson.Read(row.ErrorJson), row.Attempt);

    private void DeliverUpdates(ActiveInstance active)
    {
        var instance = Find(active.Claim.InstanceNo);
        if (instance.InHand != active)
            return;
        active.ReceiveUpdates(
            [.. instance.Signals], [.. instance.Children.Select(child => child.Value.ToRow(child.Key))], EndsOfTasks(instance), false);
    }

    private void Wake(VirtualInstance instance)
    {
        if (instance.InHand is { } active)
            Later(() => DeliverUpdates(active));
        else
            Later(() => Claim(instance));
    }

    private void Due(VirtualInstance instance, ParkedInstance parked)
    {
        if (instance.Parked == parked)
            Claim(instance);
    }

    // Does what df._has_news does: only what one of the waits is for keeps the instance from being parked.
    private static bool HasNews(VirtualInstance instance, ParkedInstance parked)
    {
        using var waits = JsonDocument.Parse(parked.WaitsJson);
        return waits.RootElement.EnumerateArray().Any(wait => wait.GetProperty("kind").GetString() switch
        {
            "SIGNAL" => wait.TryGetProperty("name", out var name) && instance.Signals.Any(signal => signal.Name == name.GetString()
                && !(wait.TryGetProperty("until", out var until) && until.GetDateTimeOffset() < signal.SentAt)),
            "CALL" => instance.Children.GetValueOrDefault(KeyOf(wait))?.ToRow(KeyOf(wait)).HasEnded == true,
            "ACTIVITY" => instance.Tasks.GetValueOrDefault(KeyOf(wait)) is { End: not null },
            _ => false,
        });
    }

    private static ExecutionKey KeyOf(JsonElement wait) => new(wait.GetProperty("node").GetInt32(), wait.GetProperty("path").GetString()!);

    /// <summary>Writes rows. Returns true if the worker crashes right after that.</summary>
    private bool Write(VirtualInstance instance, InstanceRecord record)
    {
        var dies = false;
        foreach (var row in record.Checkpoints)
        {
            var node = instance.Graph.Nodes[row.Execution.Node];
            if (node.Kind is not (NodeKind.Sql or NodeKind.Http or NodeKind.HttpMultipart or NodeKind.HttpJson)
                || row.ErrorJson is not null)
            {
                if (node.Kind is not (NodeKind.Loop or NodeKind.Retry) && !WasRun(instance, row))
                    _log.Ended(instance, node, row.ResultJson is null ? null : new StepResult(row.ResultJson, null), row.ErrorJson is null
                        ? null : ErrorJson.Read(row.ErrorJson));
            }
            if (record.Carry is null)
                dies |= _crashes.Strikes(CrashPlan.Moment.After, node);
        }
        instance.Apply(record, _time.Now);
        WriteTasks(instance, record);
        if ((_recorded += record.Checkpoints.Count) > MaxSteps)
        {
            throw new WorkflowTestException(
                $"The workflow is still running after {MaxSteps} steps. If it runs forever, stop it with "
                + ".StopAfter(TimeSpan.FromDays(7)) or .StopAfterStep(\"…\", times: 3). If it only needs more steps, raise the limit with "
                + $".MaxSteps(…).\n{_log.Trace}");
        }
        if (record.Outcome is not null)
            Ended(instance);
        return dies && !instance.HasEnded;
    }

    private void Ended(VirtualInstance instance)
    {
        instance.InHand?.Stop();
        (instance.InHand, instance.Parked) = (null, null);
        foreach (var child in instance.Children.Values)
            if (child.Instance is { HasEnded: false } open)
                Cancel(open, "its parent has ended");
        if (instance.Parent is { HasEnded: false } parent)
            Wake(parent);
    }

    /// <summary>
    /// Crashes the worker: everything that is only in memory is lost. A new worker takes over the instances that the old one held.
    /// </summary>
    private void Die()
    {
        _log.Note("⚡ the worker crashes, and another one takes over");
        _todo.Clear();
        foreach (var instance in _instances)
            instance.State = null;
        foreach (var instance in _instances.Where(instance => !instance.HasEnded && instance.Parked is null))
        {
            instance.InHand?.Stop();
            instance.InHand = null;
            Later(() => Claim(instance));
        }
    }
}

using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <content>Tasks: activities that code outside of the database runs. A task is a row; its end arrives as an update.</content>
internal sealed partial class ActiveInstance
{
    // The next step often is an activity too, and its instance need not be loaded again if the activity is quick.
    private static readonly TimeSpan LongestLinger = TimeSpan.FromSeconds(1);

    private DateTimeOffset? _lingersUntil;
    private ExecutionKey? _readsTasksAt; // the timeout that is due, while its tasks are read
    private ExecutionKey? _tasksReadAt;

    /// <summary>Whether it only waits, and still stays in hand for a moment.</summary>
    private bool IsLingering =>
        _lingersUntil is not null && _running.Count == 0 && _startingChildren.Count == 0 && HasTakenAll && !_isParking;

    /// <summary>Whether an instance that only waits stays in hand for now.</summary>
    private bool Lingers()
    {
        if (_isPaused || _isYielding || !_waits.Values.Any(wait => wait.IsTask))
            return false;
        if (_lingersUntil is { } until)
            return _host.Clock.Now < until;
        if (!_host.MayLinger)
            return false;
        _lingersUntil = _host.Clock.Now + LongestLinger;
        _host.PlaceFreed();
        return true;
    }

    // A task that was completed in time, or is being completed, decides before its timeout does.
    private List<ExecutionKey> TasksBelow(ExecutionKey timeout)
    {
        var last = _state!.Graph.Nodes[timeout.Node].Last;
        return [.. _waits.Values.Where(wait => wait.IsTask).Select(wait => wait.Wait.Execution)
            .Where(task => task.Node > timeout.Node && task.Node <= last && task.IsWithin(timeout.Path))];
    }

    // The database refuses to end a timeout over a task that has ended. Without this look, each claim would only ask for that again.
    private void ReadTasksAt(ExecutionKey timeout)
    {
        if (_readsTasksAt == timeout)
            return;
        _readsTasksAt = timeout;
        _host.RequestUpdates(this);
    }

    private bool IsTask(ExecutionKey execution) => _waits.TryGetValue(execution, out var wait) && wait.IsTask;

    private List<TaskRecord> TasksOf(Decision decision) =>
        [.. decision.Commands.OfType<Command.StartTask>()
            .Select(RecordOf)];

    private TaskRecord RecordOf(Command.StartTask task) => new(task, task.Execution.PathWithoutAttempts(IsRetry));

    private void RecordTasks(IReadOnlyList<TaskRecord>? started = null, IReadOnlyList<ExecutionKey>? ended = null) =>
        RecordAside(new InstanceRecord(Claim.InstanceNo, [], null, [], null) { StartedTasks = started ?? [], EndedTasks = ended ?? [] });

    private static Ended EndOf(TaskRow task, OpenWait wait) => task.ErrorJson is { } error
        ? new Ended(task.Execution, wait.Started, null, ErrorJson.Read(error), task.Attempt)
        : new Ended(task.Execution, wait.Started, new StepResult(task.ResultJson ?? "null", null), null, task.Attempt);
}

using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Testing.Running;

/// <content>Tasks, and the application that claims and ends them.</content>
internal sealed partial class VirtualWorker
{
    // The database lets a task fail that so many deliveries didn't end.
    private const int MaxDeliveries = 10;

    /// <summary>Makes tasks, unless they exist, and removes tasks.</summary>
    private void WriteTasks(VirtualInstance instance, InstanceRecord record)
    {
        foreach (var key in record.EndedTasks.Concat(record.ExpiredTasks))
            instance.Tasks.Remove(key);
        foreach (var started in record.StartedTasks)
        {
            var task = new VirtualTask(instance, started);
            if (instance.Tasks.TryAdd(started.Task.Execution, task))
                Deliver(task);
        }
    }

    // The clock survives a crash of the worker, as the application does.
    private void Deliver(VirtualTask task)
    {
        var duration = _answers.DurationOf(NextStep(task.Instance, task.Start.Execution, ""));
        _time.At(_time.Now + duration, () => _todo.Enqueue(() => RunAsync(task)));
    }

    private async ValueTask RunAsync(VirtualTask task)
    {
        if (!task.IsOpen)
            return;
        task.Delivery++;
        var (instance, start) = (task.Instance, task.Start);
        var step = StepOf(instance, start.Execution, "") with
        {
            InputJson = start.InputJson,
            ActivityContext = new TestActivityContext(task),
        };
        var answer = await _answers.ActivityAsync(step).ConfigureAwait(false);
        var isLost = answer is StepAnswer.Completed && _crashes.Strikes(CrashPlan.Moment.During, step.Definition);
        await _answers.EndAsync(committed: answer is StepAnswer.Completed && !isLost).ConfigureAwait(false);
        if (isLost)
        {
            _log.Ran(step, start.Name, null, null, crashed: true);
            _log.Note("⚡ the application crashes, and another one takes over");
            if (task.Delivery < MaxDeliveries)
                Deliver(task);
            else
                End(task, null, new StepError(
                    $"activity {start.Name} was claimed {MaxDeliveries} times, and never ended: its process died, or lost its lease",
                    DurableErrorCodes.ActivityFailed)
                { IsRetryable = false });
            return;
        }
        var (result, error) = ((answer as StepAnswer.Completed)?.Result, (answer as StepAnswer.Failed)?.Error);
        Note(instance, start.Execution, step, start.Name, result, error);
        End(task, result, error);
    }

    private void End(VirtualTask task, StepResult? result, StepError? error)
    {
        task.End = new TaskRow(
            task.Instance.No, task.Start.Execution, result?.Json, error is null ? null : ErrorJson.Write(error, null, task.Start.Attempt),
            task.Start.Attempt);
        Wake(task.Instance);
    }

    private static List<TaskRow> EndsOfTasks(VirtualInstance instance) =>
        [.. instance.Tasks.Values.Select(task => task.End).OfType<TaskRow>()];
}

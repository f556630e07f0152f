using PgDurable.Testing.Constants;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Steps;
using PgDurable.Worker.Steps.Http;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Sessions;

namespace PgDurable.Testing.Running;

/// <summary>Runs steps, which the worker does on its connections.</summary>
internal sealed partial class VirtualWorker
{
    private readonly HashSet<(long, ExecutionKey)> _ran = [];

    void IInstanceHost.StartChild(ActiveInstance parent, Command.StartChild child) => Later(() =>
    {
        var instance = Find(parent.Claim.InstanceNo);
        if (instance.InHand != parent)
            return;
        if (instance.Children.ContainsKey(child.Execution))
        {
            parent.ChildStarted(child.Execution); // repeated after a crash
            return;
        }
        var step = StepOf(instance, child.Execution, "");
        switch (_answers.Call(step, child))
        {
            case StepAnswer.Failed failed:
                Note(instance, child.Execution, step, child.Workflow, null, failed.Error);
                parent.ChildRefused(child.Execution, failed.Error);
                break;
            case StepAnswer.Completed completed:
                Note(instance, child.Execution, step, child.Workflow, completed.Result, null);
                instance.Children.Add(
                    child.Execution, new VirtualChild(
                        null, new ChildRow(child.Execution, "0000c41d", "completed", completed.Result.Json, null)));
                Asked(instance, parent, child.Execution);
                break;
            case StepAnswer.Started started:
                Note(instance, child.Execution, step, child.Workflow, null, null);
                var facts = instance.Facts with
                {
                    Id = $"{_instances.Count + 1:x8}",
                    Label = started.Child.Name,
                    InputJson = child.InputJson
                };
                instance.Children.Add(child.Execution, new VirtualChild(Submit(started.Child, facts, instance, child.Execution), null));
                Asked(instance, parent, child.Execution);
                break;
        }
    });

    void IInstanceHost.CancelChild(ActiveInstance parent, ExecutionKey execution) => Later(() =>
    {
        if (Find(parent.Claim.InstanceNo).Children.GetValueOrDefault(execution)?.Instance is { HasEnded: false } child)
            Cancel(child, "its parent continues without it");
    });

    // The child's row is committed, so a crash from here on makes no difference.
    private void Asked(VirtualInstance instance, ActiveInstance parent, ExecutionKey execution)
    {
        if (_crashes.Strikes(CrashPlan.Moment.During, instance.Graph.Nodes[execution.Node]))
            Die();
        else
            parent.ChildStarted(execution);
    }

    private bool WasRun(VirtualInstance instance, CheckpointRecord row) => _ran.Contains((instance.No, row.Execution));

    /// <summary>Returns a step that runs now.</summary>
    private TestStep StepOf(VirtualInstance instance, ExecutionKey execution, string sql)
    {
        var step = NextStep(instance, execution, sql);
        _attempts[(instance.Workflow, execution.Node)] = step.Attempt;
        return step;
    }

    /// <summary>Returns a step that is about to run.</summary>
    private TestStep NextStep(VirtualInstance instance, ExecutionKey execution, string sql)
    {
        var node = instance.Graph.Nodes[execution.Node];
        return new TestStep
        {
            Name = StepNames.Of(node),
            Workflow = instance.Workflow,
            Kind = node.Kind,
            Node = node.Number,
            Path = execution.Path,
            Sql = sql,
            Attempt = _attempts.GetValueOrDefault((instance.Workflow, node.Number)) + 1,
            At = _time.Elapsed,
            Definition = node,
        };
    }

    private ValueTask TakeAsync(StepWork work)
    {
        // The duration is known before the step runs. Its effect happens at the end, so that a step that is stopped has no effect.
        var instance = Find(work.Instance.Claim.InstanceNo);
        var started = Clock.Now;
        var duration = _answers.DurationOf(NextStep(instance, work.Execution, work.Command is Command.RunSql sql ? sql.Sql : ""));
        if (duration == TimeSpan.Zero)
            return work.Command is Command.RunSql ? RunAsync(work, instance, started) : ExchangeAsync(work, instance, started);
        _time.At(_time.Now + duration, () =>
        {
            if (!work.Stopped.IsCancellationRequested)
                _todo.Enqueue(() => work.Command is Command.RunSql ? RunAsync(work, instance, started)
                    : ExchangeAsync(work, instance, started));
        });
        return ValueTask.CompletedTask;
    }

    private async ValueTask RunAsync(StepWork work, VirtualInstance instance, DateTimeOffset started)
    {
        if (work.Stopped.IsCancellationRequested)
            return;
        while (true)
        {
            work.Attempt++;
            var step = StepOf(instance, work.Execution, work.Sql) with { Statement = work.Statement };
            switch (await _answers.SqlAsync(step).ConfigureAwait(false))
            {
                case StepAnswer.Completed completed:
                    await CommitAsync(work, instance, step, completed, started).ConfigureAwait(false);
                    return;
                case StepAnswer.Failed failed:
                    await _answers.EndAsync(committed: false).ConfigureAwait(false);
                    Note(instance, work.Execution, step, work.Sql, null, failed.Error);
                    if (SqlErrors.IsTransient(failed.Error.SqlState) && work.Attempt < TransientRetry.MaxAttempts)
                        continue;
                    work.Instance.Failed(work, failed.Error, started);
                    return;
            }
        }
    }

    private async ValueTask CommitAsync(
        StepWork work, VirtualInstance instance, TestStep step, StepAnswer.Completed answer, DateTimeOffset started)
    {
        var result = answer.Result;
        if (_crashes.Strikes(CrashPlan.Moment.During, step.Definition))
        {
            await _answers.EndAsync(committed: false).ConfigureAwait(false);
            _log.Ran(step, work.Sql, result, null, crashed: true);
            Die();
            return;
        }
        var attempt = work.Attempt;
        var deciding = work.Instance.Decide(work, result, mayContinue: true);
        await _answers.EndAsync(committed: deciding is not null).ConfigureAwait(false);
        if (deciding is null)
            return;
        Note(instance, work.Execution, step, work.Sql, result, null, answer.IsComputed);
        var row = new CheckpointRecord(
            work.Execution, deciding.Seq, attempt, started, deciding.Input.At, result.Json, ResultColumns.Serialize(result.Columns), null);
        var outcome = deciding.Completes is { } completes
            ? new OutcomeRecord(completes.Source, completes.Source is null ? completes.Result.Json : null, null) : null;
        var (published, tagged) = ConstantSelect.Effects(work.Sql);
        if (published is not null && _instances.Find(each => each.Facts.Id == published.InstanceId) is { HasEnded: false } publisher)
            publisher.PublishedJson = published.Json;
        foreach (var (id, key, value) in tagged)
            _instances.Find(each => each.Facts.Id == id)?.Tag(key, value);
        if (Write(instance, new InstanceRecord(instance.No, [row], null, [], outcome)))
        {
            Die();
            return;
        }
        // The worker sends the next statement together with the commit.
        if (deciding.Next is { } next)
            _todo.Enqueue(() => TakeAsync(next));
        work.Instance.Committed(work, deciding);
    }

    private async ValueTask ExchangeAsync(StepWork work, VirtualInstance instance, DateTimeOffset started)
    {
        if (work.Stopped.IsCancellationRequested)
            return;
        work.Attempt = 1;
        var call = ((Command.SendHttp)work.Command).Call;
        var key = IdempotencyKey.Create(instance.Facts.Id, instance.StartedAt, work.Execution, work.Instance.IsRetry);
        var sendings = work.Instance.IsRetried(work.Execution) ? 1 : HttpExecutor.DefaultAttempts;
        for (var sending = 1; ; sending++)
        {
            var step = StepOf(instance, work.Execution, $"{call.Method} {call.Url}");
            var answer = await _answers.HttpAsync(step, call, sending, key).ConfigureAwait(false);
            if (_crashes.Strikes(CrashPlan.Moment.During, step.Definition))
            {
                _log.Ran(step, step.Sql, null, null, crashed: true);
                Die();
                return;
            }
            switch (answer)
            {
                case StepAnswer.Completed completed:
                    Note(instance, work.Execution, step, step.Sql, completed.Result, null);
                    work.Instance.Answered(work, completed.Result, started);
                    return;
                case StepAnswer.Failed failed:
                    Note(instance, work.Execution, step, step.Sql, null, failed.Error);
                    if (failed.Error.SqlState == HttpErrors.Failed && sending < sendings)
                        continue;
                    work.Instance.Failed(work, sending > 1 ? failed.Error with { Detail = $"The request was sent {sending} times." }
                        : failed.Error, started);
                    return;
            }
        }
    }

    private void Note(
        VirtualInstance instance, ExecutionKey execution, TestStep step, string what, StepResult? result, StepError? error,
        bool computed = false)
    {
        _ran.Add((instance.No, execution));
        _log.Ran(step, what, result, error is null ? null : TestErrors.Of(error, step.Definition), computed: computed);
        if (StopWhen?.Invoke(_log.Executed[^1], step.Definition) == true)
            _isStopped = true;
    }
}

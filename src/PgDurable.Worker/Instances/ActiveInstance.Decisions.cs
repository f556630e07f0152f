using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <content>Carries out what the engine decides.</content>
internal sealed partial class ActiveInstance
{
    private static readonly StepResult NoResult = new("null", null);

    /// <param name="decision">The decision.</param>
    /// <param name="alreadyRunning">The step that travels with the commit before it.</param>
    /// <param name="areTasksRecorded">Whether its tasks are made already, and those that it has stopped are gone.</param>
    private void CarryOut(Decision decision, StepWork? alreadyRunning, bool areTasksRecorded = false)
    {
        _lingersUntil = null;
        foreach (var stopped in decision.Stopped)
        {
            if (_running.Remove(stopped, out var work))
                work.Stop();
            if (!_waits.Remove(stopped, out var wait))
                continue;
            if (wait.IsChild && !_startingChildren.Contains(stopped))
                _host.CancelChild(this, stopped);
            if (wait.IsTask && !areTasksRecorded)
                RecordTasks(ended: [stopped]);
        }
        foreach (var carry in decision.Carries)
            RecordCarry(carry);
        if (decision.Outcome is { } outcome)
        {
            End(outcome);
            return;
        }
        if (_shouldYield && alreadyRunning is null && MayYield && decision.Commands.Any(IsWork))
            _isYielding = true;
        foreach (var command in decision.Commands)
            Start(command, alreadyRunning, areTasksRecorded);
    }

    private void Start(Command command, StepWork? alreadyRunning, bool areTasksRecorded = false)
    {
        switch (command)
        {
            case Command.RunSql when alreadyRunning?.Execution == command.Execution:
                break;
            case Command.RunSql or Command.SendHttp or Command.StartChild or Command.StartTask when _isPaused || _isYielding:
                _heldCommands.Add(command);
                break;
            case Command.RunSql run:
                _host.Memory?.CountPassing(run.Sql.Length);
                var statement = new StepWork(this, command);
                _running.Add(command.Execution, statement);
                if (_isResuming)
                    _host.RunSuspect(statement, Suspects!.GetValueOrDefault(command.Execution));
                else
                    _host.RunStatement(statement);
                break;
            case Command.SendHttp:
                var request = new StepWork(this, command);
                _running.Add(command.Execution, request);
                _host.SendRequest(request);
                break;
            case Command.Wait wait:
                _waits.Add(command.Execution, new OpenWait(wait, _host.Clock.Now));
                _needsUpdates |= wait.Signal is not null;
                break;
            case Command.StartChild child:
                var forChild = new Command.Wait(child.Execution, "CALL", null, null, NoResult, null) { Name = child.Workflow };
                _waits.Add(command.Execution, new OpenWait(forChild, _host.Clock.Now));
                _startingChildren.Add(command.Execution);
                _host.StartChild(this, child);
                break;
            case Command.StartTask task:
                var forTask = new Command.Wait(task.Execution, "ACTIVITY", null, null, NoResult, null) { Name = task.Name };
                _waits.Add(command.Execution, new OpenWait(forTask, _host.Clock.Now));
                if (!areTasksRecorded)
                    RecordTasks(started: [RecordOf(task)]);
                break;
            case Command.Refuse refuse:
                Record([new Ended(refuse.Execution, _host.Clock.Now, null, refuse.Error, 1)]);
                break;
        }
    }

    private void End(Outcome outcome)
    {
        StopAll();
        var (source, resultJson, error) = outcome switch
        {
            Outcome.Completed completed => (completed.Source, completed.Source is null ? completed.Result.Json : null, (StepError?)null),
            Outcome.Failed failed => (failed.Origin, null, failed.Error),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
        var node = source is { } at ? _state!.Graph.Nodes[at.Node] : null;
        var errorJson = error is null ? null : ErrorJson.Write(error, node, 1);
        var record = new OutcomeRecord(source, resultJson, errorJson) { IsCanceled = error?.SqlState == UndoOnCancel.SqlState };
        RecordEnd(record, error is null ? null : (node is null ? null : LogName(node), error));
    }

    private void RecordEnd(OutcomeRecord outcome, (string? Step, StepError Error)? failure) =>
        _host.Record(new InstanceRecord(Claim.InstanceNo, [], null, [], outcome), recorded =>
        {
            if (recorded.Problem is { } problem)
                FailBecauseNotRecorded(problem);
            else if (!recorded.IsWritten)
                _host.Requeue(this, RetryAfter);
            else
                Finish(failure);
        });

    private void Finish((string? Step, StepError Error)? failure)
    {
        StopAll();
        if (failure is { } failed)
            Log.InstanceFailed(_host.Logger, Claim.Id, failed.Step ?? "(none)", failed.Error.SqlState);
        else
            Log.InstanceCompleted(_host.Logger, Claim.Id);
        _host.Metrics.InstanceEnded(
            failure is not var (_, error) ? InstanceEnd.Completed
            : error.SqlState == UndoOnCancel.SqlState ? InstanceEnd.Cancelled : InstanceEnd.Failed);
        _host.Remove(this);
    }
}

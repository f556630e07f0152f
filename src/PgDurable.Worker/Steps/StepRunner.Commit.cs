using Microsoft.Extensions.Logging;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <content>The commit of a step, with which the next statement travels.</content>
internal sealed partial class StepRunner
{
    private async Task CommitAsync(StepWork work, StepResult result, DateTimeOffset started, CancellationToken stopping)
    {
        var instance = work.Instance;
        var mayContinue = !stopping.IsCancellationRequested && slot.StaysWithInstance;
        if (instance.Decide(work, result, mayContinue) is not { } decided)
        {
            await EndTransactionAsync();
            return;
        }
        _next = decided.Next;
        // An instance that goes on learns of this commit at once, rather than at the end of somebody else's statement.
        if (decided.Completes is not null && !stopping.IsCancellationRequested)
            slot.TryTake(out _next);

        if (_next is not null)
            Measure(_next);
        work.Phase = StepPhase.MayBeCommitted;
        var committing = services.Clock.Now;
        var step = new CommittedStep(services.WorkerId, instance.Claim.InstanceNo, decided.Seq, decided.Input, decided.Completes);
        try
        {
            if (_next is null or { Sink: not null })
                await _session!.CommitAsync(step);
            else
                _next.Early =
                    new EarlyResult(committing, await _session!.CommitAsync(step, Statement(_next), services.Options.MaxResultBytes), null);
        }
        catch (NextStepException e)
        {
            _next!.Early = new EarlyResult(committing, null, e.InnerException);
        }
        catch (PostgresException e) when (!IsLost(e))
        {
            var isOfNext = e.SqlState == PostgresErrorCodes.QueryCanceled && _next is { Stopped.IsCancellationRequested: true };
            if (_next?.Instance == instance)
                _next = null;
            await RollbackAsync();
            if (isOfNext)
                instance.Requeue(TimeSpan.Zero); // what was to stop the statement that travelled along has hit this commit
            else
                NotCommitted(work, decided, started, e);
            return;
        }
        catch when (_next?.Instance == instance)
        {
            _next = null;
            throw;
        }

        work.Measured?.Complete();
        patience.Committed(instance);
        if (_session!.HasCancelledItself)
        {
            await AfterOwnCancellationAsync(instance);
            return;
        }
        if (services.Logger.IsEnabled(LogLevel.Debug))
            Log.StepCompleted(
                services.Logger, instance.Claim.Id, instance.LogName(work.Execution), (committing - started).TotalMilliseconds);
        instance.Committed(work, decided);
    }

    /// <summary>The step has cancelled its own instance: what it did stays, and nothing comes after it.</summary>
    private async Task AfterOwnCancellationAsync(ActiveInstance instance)
    {
        if (_next?.Instance == instance)
        {
            _next.Measured?.Dispose();
            _next = null;
            await EndTransactionAsync();
        }
        instance.HasCancelledItself();
    }

    private void NotCommitted(StepWork work, StepDecision decided, DateTimeOffset started, PostgresException e)
    {
        var instance = work.Instance;
        var isOfCheckpoint = StepSession.IsOfCheckpoint(e);
        if (patience.PauseForSpace(work, e) is { } pause)
        {
            instance.Requeue(pause);
        }
        else if (isOfCheckpoint && (SqlErrors.IsRecorded(e) || SqlErrors.IsLeaseLost(e)))
        {
            // Another worker ran the step, or has the instance. If this worker still has it, the instance is loaded again; otherwise this
            // returns nothing.
            Log.Fenced(services.Logger, instance.Claim.Id, LogText.Of(e));
            instance.Requeue(TimeSpan.Zero);
        }
        else if (StepSession.IsOfSchema(e))
        {
            PutAside(instance, e);
        }
        else if (StepSession.IsDeallocated(e))
        {
            FailAtCommit(work, decided, new StepError(
                "A step can't deallocate the session's prepared statements; what it did was rolled back.", "0A000",
                Hint: "Leave DEALLOCATE out: prepared statements of the session are not the step's.", Sql: work.Sql), started);
        }
        else if (isOfCheckpoint ? SqlErrors.IsTransientAtCommit(e) : SqlErrors.IsTransient(e) && patience.MayRetryCommit(instance))
        {
            // The engine's state may be one step ahead of the database. Loading the instance again puts that right.
            instance.Requeue(TimeSpan.FromMilliseconds(100));
        }
        else
        {
            // A deferred constraint, or something that the step did to its transaction.
            FailAtCommit(work, decided, work.Describe(e), started);
        }
    }

    private static void FailAtCommit(StepWork work, StepDecision decided, StepError error, DateTimeOffset started)
    {
        work.Measured?.Fail(error.SqlState);
        work.Instance.FailedAtCommit(work, decided, error, started);
    }
}

using Microsoft.Extensions.Logging;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Session;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <summary>
/// Runs statements on one connection. It stays with an instance while that has a next one, and otherwise takes the next from the queue before it commits, so that the commit and
/// the next statement share a round trip.
/// </summary>
internal sealed class StepRunner(StepRunnerContext context, StepQueue.Slot slot, Action<StepWork> runOutside)
{
    private StepSession? _session;
    private StepWork? _next;

    /// <summary>Runs until <paramref name="stopping"/> fires: then the step at hand is finished, and no other begun.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (_next?.Early is not null || !stopping.IsCancellationRequested)
            {
                if (_next is null && slot.IsReserve)
                    await CloseAsync();
                await RunStepAsync(_next ?? await slot.TakeAsync(stopping), stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // what is still queued is released when the session unregisters
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        if (_session is null)
            return;
        await _session.DisposeAsync();
        _session = null;
    }

    private async Task RunStepAsync(StepWork work, CancellationToken stopping)
    {
        _next = null;
        var outside = false;
        try
        {
            if (_session is null && !await TryOpenAsync(work, stopping))
                return;

            var started = work.Early?.Started ?? context.Clock.Now;
            Measure(work);
            StepResult result;
            try
            {
                // Most have run already, with the commit of the step before.
                result = work.Early is { Error: null } ? await CountedAttemptAsync(work)
                    : await TransientRetry.Pipeline.ExecuteAsync(_ => new ValueTask<StepResult>(CountedAttemptAsync(work)), work.Stopped);
            }
            catch (PostgresException e) when (!work.Stopped.IsCancellationRequested && context.MayWaitForSpace(work, e) is { } pause)
            {
                await LetGoAsync(work, e, pause);
                return;
            }
            catch (Exception e) when (!work.Stopped.IsCancellationRequested && !IsLost(e))
            {
                if (outside = work.Sink is null && OutsideRunner.Takes(e, work.Sql))
                    runOutside(work);
                else
                    Fail(work, work.Describe(e), started);
                return;
            }
            await CommitAsync(work, result, started, stopping);
        }
        catch (PostgresException e) when (context.MayWaitForSpace(work, e) is { } pause)
        {
            _next = _next?.Flow == work.Flow ? null : _next;
            await LetGoAsync(work, e, pause);
        }
        catch (OperationCanceledException) when (work.Stopped.IsCancellationRequested)
        {
            Log.StepStopped(context.Logger, work.Flow.Claim.Id, work.Flow.LogName(work.Execution));
            await LeaveAsync();
        }
        catch (Exception e) when (_session is { IsBroken: true } || (_session is null && e is NpgsqlException))
        {
            await LoseConnectionAsync(work, e, stopping);
        }
        catch (Exception e) when (_session is not null && e is not OperationCanceledException)
        {
            // A defect of the worker's own must not come back with every restart.
            Log.Defect(context.Logger, work.Flow.Claim.Id, LogText.Of(e), LogText.Place(e));
            await LeaveAsync();
            Fail(work, Faults.InternalError(e), context.Clock.Now);
        }
        finally
        {
            if (_next != work && !outside)
                work.Measured?.Dispose();
        }
    }

    /// <summary>The disk is full, which is not the step's fault: it goes back, so that others may have the connection meanwhile.</summary>
    private async Task LetGoAsync(StepWork work, PostgresException e, TimeSpan pause)
    {
        Log.NoConnection(context.Logger, LogText.Of(e));
        if (_session is { IsBroken: true })
        {
            await _session.DisposeAsync();
            _session = null;
        }
        await LeaveAsync();
        work.Flow.GiveBack(pause);
    }

    private void Measure(StepWork work) => context.Measure(work, context.Database);

    public static void Fail(StepWork work, StepError error, DateTimeOffset started)
    {
        work.Measured?.Fail(error.SqlState);
        work.Flow.Failed(work, error, started);
    }

    private static StepStatement Statement(StepWork work) => new(work.Flow.Claim.RoleOid, work.Statement, work.Form, work.Stopped);

    private Task<StepResult> CountedAttemptAsync(StepWork work)
    {
        work.Attempt++;
        return AttemptAsync(work);
    }

    private async Task<StepResult> AttemptAsync(StepWork work)
    {
        try
        {
            var result = work.TakeEarly() is { } early ? early.Result ?? throw early.Error! : await AttemptNowAsync(work);
            work.Flow.Admit(result);
            work.Stopped.ThrowIfCancellationRequested();
            return result;
        }
        catch (PostgresException e) when (SqlErrors.IsSessionUsedUp(e))
        {
            // What another role's step has left there can't be removed. Nothing has been run.
            await _session!.DisposeAsync();
            _session = null;
            return await AttemptAsync(work);
        }
        catch (Exception e) when (!IsLost(e))
        {
            await RollbackAsync();
            work.Stopped.ThrowIfCancellationRequested(); // the error is then only that of the stopped statement
            if (work.Sink is not null || e is not PostgresException error || _session is null)
                throw;
            if (_session.NextForm(Statement(work), error) is { } form)
            {
                if (StatementForms.Find(work.Statement, form - 1) is { HasParameters: false })
                    work.FormError ??= error;
                work.Form = form;
                return await AttemptAsync(work);
            }
            // Where no form makes sense, the error is that of the first.
            if (work.FormError is not { } first || !StatementForms.MayBeTypes(error))
                throw;
            work.Form = null;
            throw first;
        }
    }

    private async Task<StepResult> AttemptNowAsync(StepWork work)
    {
        work.Stopped.ThrowIfCancellationRequested();
        _session ??= await context.OpenSessionAsync(work.Stopped);
        if (work.Sink is not { } sink)
            return await _session.RunAsync(Statement(work), context.Options.MaxResultBytes);
        await _session.WriteAsync(work.Flow.Claim.RoleOid, sink, context.Time, work.Stopped);
        return sink.Result;
    }

    /// <summary>Whether an error means that the connection was lost, and not that the statement failed.</summary>
    private bool IsLost(Exception e) => _session is null or { IsBroken: true } && !SqlErrors.IsOfStatement(e);

    private async Task LeaveAsync()
    {
        if (_session is { Entered: not null, IsBroken: false })
            await _session.RollbackAsync();
    }

    /// <summary>After an error. A session that the driver has closed because of it was rolled back by the server; the next step opens another.</summary>
    private async Task RollbackAsync()
    {
        if (_session is { IsBroken: false })
            await _session.RollbackAsync();
        if (_session is not { IsBroken: true } broken)
            return;
        _session = null;
        await broken.DisposeAsync();
    }

    private async Task CommitAsync(StepWork work, StepResult result, DateTimeOffset started, CancellationToken stopping)
    {
        var flow = work.Flow;
        if (flow.Decide(work, result, mayGoOn: !stopping.IsCancellationRequested && slot.StaysWithInstance) is not { } deciding)
        {
            await LeaveAsync();
            return;
        }
        _next = deciding.Next;
        // An instance that goes on learns of this commit at once, and does not wait for the end of somebody else's statement.
        if (deciding.Completes is not null && !stopping.IsCancellationRequested)
            slot.TryTake(out _next);

        if (_next is not null)
            Measure(_next);
        work.Attempt = work.Losses = 0; // from here on a lost connection leaves open whether it committed
        var committing = context.Clock.Now;
        var step = new CommittedStep(context.WorkerId, flow.Claim.InstanceNo, deciding.Seq, deciding.Input, deciding.Completes);
        try
        {
            if (_next is null or { Sink: not null })
                await _session!.CommitAsync(step);
            else
                _next.Early = new EarlyResult(committing, await _session!.CommitAsync(step, Statement(_next), context.Options.MaxResultBytes), null);
        }
        catch (NextStepException e)
        {
            _next!.Early = new EarlyResult(committing, null, e.InnerException);
        }
        catch (PostgresException e) when (!IsLost(e))
        {
            if (_next?.Flow == flow)
                _next = null;
            await RollbackAsync();
            NotCommitted(work, deciding, started, e);
            return;
        }
        catch when (_next?.Flow == flow)
        {
            _next = null;
            throw;
        }

        work.Measured?.Complete();
        context.Committed(flow);
        if (_session!.HasCancelledItself)
        {
            // What it did stays, and nothing comes after it.
            if (_next?.Flow == flow)
            {
                _next.Measured?.Dispose();
                _next = null;
                await LeaveAsync();
            }
            flow.HasCancelledItself();
            return;
        }
        if (context.Logger.IsEnabled(LogLevel.Debug))
            Log.StepCompleted(context.Logger, flow.Claim.Id, flow.LogName(work.Execution), (committing - started).TotalMilliseconds);
        flow.Committed(work, deciding);
    }

    private void NotCommitted(StepWork work, Deciding deciding, DateTimeOffset started, PostgresException e)
    {
        var flow = work.Flow;
        var ofCheckpoint = StepSession.IsOfCheckpoint(e);
        if (context.MayWaitForSpace(work, e) is { } pause)
        {
            flow.GiveBack(pause);
            return;
        }
        if (ofCheckpoint && SqlErrors.IsRecorded(e))
        {
            // Another worker ran it, and may have the instance: then this gives nothing back. Or it is ours, and is to be loaded again.
            Log.Fenced(context.Logger, flow.Claim.Id, LogText.Of(e));
            flow.GiveBack(TimeSpan.Zero);
        }
        else if (ofCheckpoint && SqlErrors.IsLeaseLost(e))
        {
            // Another worker has the instance, or had it meanwhile: then this gives nothing back, or it runs again.
            Log.Fenced(context.Logger, flow.Claim.Id, LogText.Of(e));
            flow.GiveBack(TimeSpan.Zero);
        }
        else if (StepSession.IsDeallocated(e))
        {
            FailAtCommit(work, deciding, new StepError("A step can't deallocate the session's prepared statements; what it did was rolled back.", "0A000",
                Hint: "Leave DEALLOCATE out: prepared statements of the session are not the step's.", Sql: work.Sql), started);
        }
        else if (ofCheckpoint ? SqlErrors.IsTransientAtCommit(e) : SqlErrors.IsTransient(e) && context.MayRetryCommit(flow))
        {
            // The engine's state may be one step ahead of the database; loading the instance again puts that right.
            flow.GiveBack(TimeSpan.FromMilliseconds(100));
        }
        else
        {
            // A deferred constraint, or something that the step did to its transaction.
            FailAtCommit(work, deciding, work.Describe(e), started);
        }
    }

    private static void FailAtCommit(StepWork work, Deciding deciding, StepError error, DateTimeOffset started)
    {
        work.Measured?.Fail(error.SqlState);
        work.Flow.FailedAtCommit(work, deciding, error, started);
    }

    private async Task<bool> TryOpenAsync(StepWork work, CancellationToken stopping)
    {
        try
        {
            _session = await context.OpenSessionAsync(stopping);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // The server may be out of connections, or down. The other runners, or the loss of the whole session, decide which.
            Log.NoConnection(context.Logger, LogText.Of(e));
            work.Flow.GiveBack(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromSeconds(1), context.Time, stopping);
            return false;
        }
    }

    private async Task LoseConnectionAsync(StepWork work, Exception e, CancellationToken stopping)
    {
        Log.ConnectionLost(context.Logger, work.Flow.Claim.Id, LogText.Of(e));
        if (_session is not null)
            await _session.DisposeAsync();
        _session = null;
        if (work.Attempt == 0 || stopping.IsCancellationRequested)
        {
            work.Flow.GiveBack(TimeSpan.Zero); // it may have committed: load it again and see
            return;
        }
        try
        {
            if (await context.MayRunAgainAsync(work))
                _next = work; // nothing was committed: try again on a new connection
            else
                Fail(work, Suspicion.TooOften(work.Sql, e.Message), context.Clock.Now);
        }
        catch (Exception lost)
        {
            // The server went down with it: whoever comes next finds the step under way.
            Log.ConnectionLost(context.Logger, work.Flow.Claim.Id, LogText.Of(lost));
            work.Flow.GiveBack(TimeSpan.FromSeconds(1));
        }
    }
}

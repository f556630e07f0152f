using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <summary>
/// Runs statements on one connection. It stays with an instance that has a next statement, and otherwise takes the next one from the queue
/// before it commits, so that the commit and the next statement share a round trip.
/// </summary>
internal sealed partial class StepRunner(
    StepServices services, StepQueue.Slot slot, OutsideRunner outside, SuspectSteps suspects, Patience patience)
{
    private StepSession? _session;
    private StepWork? _next;

    /// <summary>Runs until <paramref name="stopping"/> fires: then it finishes the step at hand and begins no other.</summary>
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
            // The end of the worker's registration releases what is still in the queue.
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async Task RunStepAsync(StepWork work, CancellationToken stopping)
    {
        _next = null;
        var isOutside = false;
        try
        {
            if (_session is null && !await TryOpenAsync(work, stopping))
                return;

            var started = work.Early?.Started ?? services.Clock.Now;
            Measure(work);
            StepResult result;
            try
            {
                // Most have run already, together with the commit of the step before.
                result = work.Early is { Error: null } ? await CountedAttemptAsync(work)
                    : await TransientRetry.Pipeline.ExecuteAsync(_ => new ValueTask<StepResult>(CountedAttemptAsync(work)), work.Stopped);
            }
            catch (PostgresException e) when (!work.Stopped.IsCancellationRequested && patience.PauseForSpace(work, e) is { } pause)
            {
                await RequeueForSpaceAsync(work, e, pause);
                return;
            }
            catch (PostgresException e) when (!IsLost(e) && StepSession.IsOfSchema(e))
            {
                PutAside(work.Instance, e);
                return;
            }
            catch (Exception e) when (!work.Stopped.IsCancellationRequested && !IsLost(e))
            {
                if (isOutside = work.Sink is null && OutsideRunner.Takes(e, work.Sql))
                    outside.Run(work);
                else
                    work.Fail(work.Describe(e), started);
                return;
            }
            await CommitAsync(work, result, started, stopping);
        }
        catch (PostgresException e) when (patience.PauseForSpace(work, e) is { } pause)
        {
            _next = _next?.Instance == work.Instance ? null : _next;
            await RequeueForSpaceAsync(work, e, pause);
        }
        catch (OperationCanceledException) when (work.Stopped.IsCancellationRequested)
        {
            Log.StepStopped(services.Logger, work.Instance.Claim.Id, work.Instance.LogName(work.Execution));
            await EndTransactionAsync();
        }
        catch (Exception e) when (_session is { IsBroken: true } || (_session is null && e is NpgsqlException))
        {
            await ConnectionLostAsync(work, e, stopping);
        }
        catch (Exception e) when (_session is not null && e is not OperationCanceledException)
        {
            // A defect of the worker's own, which must not come back with every restart.
            Log.Defect(services.Logger, work.Instance.Claim.Id, LogText.Of(e), LogText.Place(e));
            await EndTransactionAsync();
            work.Fail(Faults.InternalError(e), services.Clock.Now);
        }
        finally
        {
            if (_next != work && !isOutside)
                work.Measured?.Dispose();
        }
    }

    private void PutAside(ActiveInstance instance, PostgresException e)
    {
        Log.PutAside(services.Logger, instance.Claim.Id, LogText.Of(e));
        instance.RequeueWithBackoff();
    }

    private void Measure(StepWork work) => services.Measure(work, services.Database);

    private static StepStatement Statement(StepWork work) => new(work.Instance.Claim.RoleOid, work.Statement, work.Form, work.Stopped);

    private Task<StepResult> CountedAttemptAsync(StepWork work)
    {
        work.Attempt++;
        return AttemptAsync(work);
    }

    private async Task<StepResult> AttemptAsync(StepWork work)
    {
        try
        {
            var result = work.TakeEarly() is { } early ? early.Result ?? throw early.Error! : await ExecuteAsync(work);
            work.Instance.CountResult(result);
            work.Stopped.ThrowIfCancellationRequested();
            return result;
        }
        catch (PostgresException e) when (SqlErrors.IsSessionUsedUp(e))
        {
            // Another role's step has left something in the session that can't be removed. Nothing was run.
            await CloseAsync();
            return await AttemptAsync(work);
        }
        catch (Exception e) when (!IsLost(e))
        {
            await RollbackAsync();
            work.Stopped.ThrowIfCancellationRequested(); // the error is then only that of the stopped statement
            if (work.Sink is not null || e is not PostgresException error || _session is null || StepSession.IsOfSchema(error))
                throw;
            if (_session.NextForm(Statement(work), error) is { } form)
            {
                if (StatementForms.Find(work.Statement, form - 1) is { HasParameters: false })
                    work.FormError ??= error;
                work.Form = form;
                return await AttemptAsync(work);
            }
            // If the server can make sense of no form, the user sees the error of the first.
            if (work.FormError is not { } first || !StatementForms.MayBeTypes(error))
                throw;
            work.Form = null;
            throw first;
        }
    }

    private async Task<StepResult> ExecuteAsync(StepWork work)
    {
        work.Stopped.ThrowIfCancellationRequested();
        _session ??= await services.Sessions.OpenStepSessionAsync(work.Stopped);
        if (work.Sink is not { } sink)
            return await _session.RunAsync(Statement(work), services.Options.MaxResultBytes);
        await _session.WriteAsync(work.Instance.Claim.RoleOid, sink, services.Time, work.Stopped);
        return sink.Result;
    }
}

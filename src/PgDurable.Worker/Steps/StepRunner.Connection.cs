using Npgsql;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <content>The runner's connection: opened when it is needed, given up when it is lost.</content>
internal sealed partial class StepRunner
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromSeconds(1);

    private async Task<bool> TryOpenAsync(StepWork work, CancellationToken stopping)
    {
        try
        {
            _session = await services.Sessions.OpenStepSessionAsync(stopping);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // The server may be out of connections, or down. Other runners, or the loss of the whole session, will show which.
            Log.NoConnection(services.Logger, LogText.Of(e));
            work.Instance.Requeue(ReconnectPause);
            await Task.Delay(ReconnectPause, services.Time, stopping);
            return false;
        }
    }

    private async Task CloseAsync()
    {
        if (_session is not { } session)
            return;
        _session = null;
        await session.DisposeAsync();
    }

    /// <summary>Whether an error means that the connection was lost, rather than that the statement failed.</summary>
    private bool IsLost(Exception e) => _session is null or { IsBroken: true } && !SqlErrors.IsOfStatement(e);

    private async Task EndTransactionAsync()
    {
        if (_session is { Entered: not null, IsBroken: false })
            await _session.RollbackAsync();
    }

    /// <summary>
    /// Rolls back after an error. If the driver has closed the session because of it, the server has rolled back, and the next step opens
    /// another session.
    /// </summary>
    private async Task RollbackAsync()
    {
        if (_session is { IsBroken: false })
            await _session.RollbackAsync();
        if (_session is { IsBroken: true })
            await CloseAsync();
    }

    /// <summary>
    /// The disk is full, which is not the step's fault: it goes back to the queue, so that others can use the connection meanwhile.
    /// </summary>
    private async Task RequeueForSpaceAsync(StepWork work, PostgresException e, TimeSpan pause)
    {
        Log.NoConnection(services.Logger, LogText.Of(e));
        if (_session is { IsBroken: true })
            await CloseAsync();
        await EndTransactionAsync();
        work.Instance.Requeue(pause);
    }

    private async Task ConnectionLostAsync(StepWork work, Exception e, CancellationToken stopping)
    {
        Log.ConnectionLost(services.Logger, work.Instance.Claim.Id, LogText.Of(e));
        await CloseAsync();
        if (work.Phase == StepPhase.MayBeCommitted || stopping.IsCancellationRequested)
        {
            work.Instance.Requeue(TimeSpan.Zero); // loading it again shows whether it was committed
            return;
        }
        try
        {
            if (await suspects.MayRunAgainAsync(work))
                _next = work; // nothing was committed, so it runs again on a new connection
            else
                work.Fail(SuspectSteps.TooManyRuns(work.Sql, e.Message), services.Clock.Now);
        }
        catch (Exception lost)
        {
            // The server went down too: whoever claims the instance next finds the step in hand.
            Log.ConnectionLost(services.Logger, work.Instance.Claim.Id, LogText.Of(lost));
            work.Instance.Requeue(TimeSpan.FromSeconds(1));
        }
    }
}

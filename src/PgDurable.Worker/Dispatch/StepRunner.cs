using System.Threading.Channels;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Dispatch;

/// <summary>
/// Runs steps on one connection. It stays with an instance while that has a next step, and otherwise takes the next instance from the queue before it commits,
/// so that the commit and the next step share a round trip.
/// </summary>
internal sealed class StepRunner(StepRunnerContext context, ChannelReader<RunningInstance> queue)
{
    private const int MaxLosses = 5;

    private StepSession? _session;
    private RunningInstance? _next;

    /// <summary>Runs until the queue is completed and empty, or <paramref name="stopping"/> fires: then the step at hand is finished, and no other begun.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (_next?.Early is not null || !stopping.IsCancellationRequested)
            {
                if (_next is null && !queue.TryRead(out _next))
                {
                    if (!await queue.WaitToReadAsync(stopping)) return;
                    continue;
                }
                await RunStepAsync(_next, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // what is still queued is released when the session unregisters
        }
        finally
        {
            if (_session is not null) await _session.DisposeAsync();
        }
    }

    private async Task RunStepAsync(RunningInstance instance, CancellationToken stopping)
    {
        _next = null;
        try
        {
            if (_session is null && !await TryOpenAsync(instance, stopping)) return;

            if (instance.Next.Outcome is Outcome.Failed failed)
            {
                await FailAsync(instance, instance.State is null ? null : failed.Execution, failed.Error, TimeSpan.Zero);
                return;
            }

            // Only one step of an instance is in flight, so the decision that follows from its result is made before the commit.
            var command = instance.Next.Commands.Single();
            var started = instance.Early?.Started ?? context.Time.GetTimestamp();
            StepResult result;
            try
            {
                result = await TransientRetry.Pipeline.ExecuteAsync(async _ => await AttemptAsync(instance, command), instance.Cancelled);
            }
            catch (Exception e) when (!instance.Cancelled.IsCancellationRequested && !_session!.IsBroken)
            {
                await FailAsync(instance, command.Execution, SqlErrors.Describe(e, command.Sql), context.Time.GetElapsedTime(started));
                return;
            }
            await CommitAsync(instance, command, result, started, stopping);
        }
        catch (OperationCanceledException) when (instance.Cancelled.IsCancellationRequested)
        {
            Log.InstanceStopped(context.Logger, instance.Claim.Id);
            if (_session is { Entered: not null, IsBroken: false }) await _session.RollbackAsync();
            context.Forget(instance);
        }
        catch (Exception e) when (_session is { IsBroken: true })
        {
            await LoseConnectionAsync(instance, e, stopping);
        }
        catch (Exception e) when (_session is not null && e is not OperationCanceledException)
        {
            // A defect of the worker's own must not come back with every restart.
            Log.Defect(context.Logger, e, instance.Claim.Id);
            var error = new StepError($"Internal error of the worker: {e.Message}", "XX000", Hint: "This is a bug in pg_durable; the worker's log has the details.");
            await FailAsync(instance, null, error, TimeSpan.Zero);
        }
    }

    private async Task<StepResult> AttemptAsync(RunningInstance instance, Command command)
    {
        instance.Attempt++;
        try
        {
            var result = instance.TakeEarly() is { } early
                ? early.Result ?? throw early.Error!
                : await RunAsync(instance, command);
            instance.Cancelled.ThrowIfCancellationRequested();
            return result;
        }
        catch when (!_session!.IsBroken)
        {
            await _session.RollbackAsync();
            instance.Cancelled.ThrowIfCancellationRequested(); // the error is then only that of the stopped statement
            throw;
        }
    }

    private Task<StepResult> RunAsync(RunningInstance instance, Command command)
    {
        instance.Cancelled.ThrowIfCancellationRequested();
        return _session!.RunAsync(Statement(instance, command), context.Options.MaxResultBytes);
    }

    private static StepStatement Statement(RunningInstance instance, Command command) => new(instance.Claim.RoleOid, command.Sql, instance.Cancelled);

    private async Task CommitAsync(RunningInstance instance, Command command, StepResult result, long started, CancellationToken stopping)
    {
        var checkpoint = new Checkpoint(command.Execution, result);
        var attempt = instance.Attempt;
        instance.Next = WorkflowEngine.Advance(instance.State!, checkpoint);
        instance.Attempt = instance.Losses = 0;
        var completes = instance.Next.Outcome is Outcome.Completed;

        if (!stopping.IsCancellationRequested)
        {
            if (!completes) _next = instance;
            else queue.TryRead(out _next);
        }
        var committing = context.Time.GetTimestamp();
        try
        {
            var (seq, now) = (instance.Inputs++, context.Time.GetUtcNow());
            if (_next?.Next.Commands is [{ } next])
            {
                var early = await _session!.CommitAsync(
                    context.WorkerId, instance.Claim.InstanceNo, checkpoint, seq, attempt, now, completes, Statement(_next, next), context.Options.MaxResultBytes);
                _next.Early = new EarlyResult(committing, early, null);
            }
            else
            {
                await _session!.CommitAsync(context.WorkerId, instance.Claim.InstanceNo, checkpoint, seq, attempt, now, completes);
            }
        }
        catch (NextStepException e)
        {
            _next!.Early = new EarlyResult(committing, null, e.InnerException);
        }
        catch (PostgresException e) when (!_session!.IsBroken)
        {
            if (ReferenceEquals(_next, instance)) _next = null;
            await _session.RollbackAsync();
            await NotCommittedAsync(instance, command, attempt, e, context.Time.GetElapsedTime(started), stopping);
            return;
        }
        catch when (ReferenceEquals(_next, instance))
        {
            _next = null;
            throw;
        }

        var elapsed = context.Time.GetElapsedTime(started).TotalMilliseconds;
        Log.StepCompleted(context.Logger, instance.Claim.Id, instance.State!.Graph.Nodes[command.Execution.Node].Name, elapsed);
        if (completes)
        {
            Log.InstanceCompleted(context.Logger, instance.Claim.Id);
            context.Forget(instance);
        }
    }

    private async Task NotCommittedAsync(
        RunningInstance instance, Command command, int attempt, PostgresException e, TimeSpan elapsed, CancellationToken stopping)
    {
        var ofCheckpoint = StepSession.IsOfCheckpoint(e);
        if (ofCheckpoint && SqlErrors.IsRecorded(e))
        {
            // Another worker ran it, and may have the instance: then this gives nothing back. Or it is ours, and is to be loaded again.
            Log.Fenced(context.Logger, instance.Claim.Id, e.MessageText);
            await context.ReleaseAsync(instance, TimeSpan.Zero, stopping);
        }
        else if (ofCheckpoint && SqlErrors.IsLeaseLost(e))
        {
            Log.Fenced(context.Logger, instance.Claim.Id, e.MessageText);
            // Another worker has the instance, then this changes nothing; or the step itself took it away.
            var error = new StepError("A step can't cancel its own instance; what it did was rolled back.", "0A000",
                Hint: "Let it fail instead, or cancel from outside.", Sql: command.Sql);
            await FailAsync(instance, command.Execution, error, elapsed);
        }
        else if (ofCheckpoint ? SqlErrors.IsTransientAtCommit(e) : SqlErrors.IsTransient(e) && context.MayRetryCommit(instance))
        {
            // The engine's state is one step ahead of the database; loading the instance again puts that right.
            await context.ReleaseAsync(instance, TimeSpan.FromMilliseconds(100), stopping);
        }
        else
        {
            // A deferred constraint, or something that the step did to its transaction.
            instance.Attempt = attempt;
            await FailAsync(instance, command.Execution, SqlErrors.Describe(e, command.Sql), elapsed);
        }
    }

    private async Task FailAsync(RunningInstance instance, ExecutionKey? execution, StepError error, TimeSpan elapsed)
    {
        if (_session!.Entered is not null) await _session.RollbackAsync();
        var node = execution is { } at ? instance.State!.Graph.Nodes[at.Node] : null;
        var attempt = Math.Max(instance.Attempt, 1);
        try
        {
            if (await _session.FailAsync(context.WorkerId, instance.Claim.InstanceNo, execution, attempt, elapsed, ErrorJson.Write(error, node, attempt)))
                Log.InstanceFailed(context.Logger, instance.Claim.Id, node?.Name, error.SqlState, error.Message);
            context.Forget(instance);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // An open transaction is about to cancel the instance. Should it roll back, the step runs, and fails, again.
            await context.ReleaseAsync(instance, TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
    }

    private async Task<bool> TryOpenAsync(RunningInstance instance, CancellationToken stopping)
    {
        try
        {
            _session = await context.OpenSessionAsync(stopping);
            return true;
        }
        catch (NpgsqlException e)
        {
            // The server may be out of connections, or down. The other runners, or the loss of the whole session, decide which.
            Log.NoConnection(context.Logger, e.Message);
            await context.ReleaseAsync(instance, TimeSpan.FromSeconds(1), stopping);
            await Task.Delay(TimeSpan.FromSeconds(1), context.Time, stopping);
            return false;
        }
    }

    private async Task LoseConnectionAsync(RunningInstance instance, Exception e, CancellationToken stopping)
    {
        Log.ConnectionLost(context.Logger, instance.Claim.Id, e.Message);
        await _session!.DisposeAsync();
        _session = null;
        if (instance.Next.Commands is [{ } command] && instance.Attempt > 0 && ++instance.Losses >= MaxLosses)
        {
            if (!await TryOpenAsync(instance, stopping)) return;
            var error = new StepError($"The connection was lost {MaxLosses} times while this step ran: {e.Message}", "08006",
                Hint: "Does the statement end its own session, or does the server crash on it? See the server's log.", Sql: command.Sql);
            await FailAsync(instance, command.Execution, error, TimeSpan.Zero);
        }
        else if (instance.Attempt > 0)
        {
            _next = instance; // nothing was committed: try again on a new connection
        }
        else
        {
            await context.ReleaseAsync(instance, TimeSpan.Zero, stopping); // it may have committed: load it again and see
        }
    }
}

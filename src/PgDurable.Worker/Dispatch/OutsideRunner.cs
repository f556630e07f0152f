using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Execution;
using PgDurable.Worker.Store;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Dispatch;

/// <summary>
/// Runs statements whose effect can't commit together with their checkpoint, at least once: those of other databases, and those that PostgreSQL refuses in a
/// transaction block.
/// </summary>
/// <param name="context">The session's.</param>
/// <param name="open">Opens a connection to a database, NULL being the worker's own, for a role.</param>
internal sealed class OutsideRunner(StepRunnerContext context, Func<string?, uint, CancellationToken, Task<OutsideSession>> open) : IDisposable
{
    private const int MaxLosses = 5;

    private readonly SemaphoreSlim _room = new(context.Options.MaxConcurrentSteps);

    /// <summary>Whether a statement that failed in a transaction block is to be run here instead.</summary>
    public static bool Takes(Exception e, string sql) =>
        e is PostgresException { SqlState: PostgresErrorCodes.ActiveSqlTransaction } && StandaloneStatements.Allow(sql);

    // On another thread, as for HTTP requests: the instance is still at the decision that asks.
    public void Run(StepWork work) => _ = Task.Run(() => RunAsync(work));

    public void Dispose() => _room.Dispose();

    private async Task RunAsync(StepWork work)
    {
        var entered = false;
        var started = context.Clock.Now;
        var flow = work.Flow;
        try
        {
            entered = await _room.WaitAsync(context.AcquireTimeout, work.Stopped);
            if (!entered)
            {
                StepRunner.Fail(work, context.NoSlot(), started);
                return;
            }
            started = context.Clock.Now;
            work.Measured ??= context.Telemetry.StartSql(flow.Describe(work.Command), work.Sql, flow.Claim.Database ?? context.Database);
            var result = await TransientRetry.Pipeline.ExecuteAsync(async _ => await AttemptAsync(work), work.Stopped);
            flow.Answered(work, result, started);
            work.Measured.Complete();
        }
        catch (OperationCanceledException) when (work.Stopped.IsCancellationRequested)
        {
            Log.StepStopped(context.Logger, flow.Claim.Id, flow.StepName(work.Execution));
        }
        catch (Exception) when (work.Stopped.IsCancellationRequested)
        {
            Log.StepStopped(context.Logger, flow.Claim.Id, flow.StepName(work.Execution)); // the error is only that of the stopped statement
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            StepRunner.Fail(work, SqlErrors.Describe(e, work.Sql), started);
        }
        finally
        {
            work.Measured?.Dispose();
            if (entered) _room.Release();
        }
    }

    private async Task<StepResult> AttemptAsync(StepWork work)
    {
        while (true)
        {
            work.Attempt++;
            OutsideSession? session = null;
            try
            {
                return await AttemptAsync(work, s => session = s);
            }
            catch (NpgsqlException e) when (session is { IsBroken: true } && !SqlErrors.IsOfStatement(e) && !work.Stopped.IsCancellationRequested && ++work.Losses < MaxLosses)
            {
                Log.ConnectionLost(context.Logger, work.Flow.Claim.Id, e.Message);
            }
        }
    }

    private async Task<StepResult> AttemptAsync(StepWork work, Action<OutsideSession> opened)
    {
        var claim = work.Flow.Claim;
        var statement = new StepStatement(claim.RoleOid, work.Sql, null, work.Stopped);
        if (claim.Database is not null)
        {
            await using var session = await OpenAsync(claim, work.Stopped);
            opened(session);
            try
            {
                return await session.RunAsync(statement, context.Options.MaxResultBytes);
            }
            catch (PostgresException e) when (Takes(e, work.Sql))
            {
                // by itself, below
            }
        }
        await using var alone = await OpenAsync(claim, work.Stopped);
        opened(alone);
        return await alone.RunAloneAsync(statement);
    }

    private async Task<OutsideSession> OpenAsync(ClaimedInstance claim, CancellationToken ct)
    {
        try
        {
            return await open(claim.Database, claim.RoleOid, ct);
        }
        catch (NpgsqlException e)
        {
            var server = e as PostgresException;
            throw new PostgresException(
                $"Failed to connect to database '{claim.Database ?? context.Database}' as '{claim.RoleName}'. Error: {server?.MessageText ?? e.Message}", "FATAL", "FATAL",
                server?.SqlState ?? PostgresErrorCodes.ConnectionFailure, server?.Detail, server?.Hint);
        }
    }
}

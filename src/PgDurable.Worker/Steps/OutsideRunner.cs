using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <summary>
/// Runs statements whose effect can't commit together with their checkpoint, at least once: those of other databases, and those that PostgreSQL refuses in a
/// transaction block.
/// </summary>
/// <param name="context">The session's.</param>
/// <param name="open">Opens a connection to a database, NULL being the worker's own, for a role, and for a transaction block of the worker's or one statement.</param>
internal sealed class OutsideRunner(StepRunnerContext context, Func<string?, uint, bool, CancellationToken, Task<OutsideSession>> open)
{
    private const int MaxLosses = 5;

    private const int Reserve = 2;
    private readonly FairRoom _room = new(context.Options.MaxConcurrentSteps, Reserve);

    /// <summary>Whether a statement that failed in a transaction block is to be run here instead.</summary>
    public static bool Takes(Exception e, string sql) => e is PostgresException error && StandaloneStatements.Takes(error, sql);

    // On another thread, as for HTTP requests: the instance is still at the decision that asks.
    public void Run(StepWork work) => _ = Task.Run(() => RunAsync(work));

    private async Task RunAsync(StepWork work)
    {
        var entered = false;
        var started = context.Clock.Now;
        var flow = work.Flow;
        try
        {
            await _room.EnterAsync(flow.Claim.RoleOid, flow.Claim.Workflow, work.Stopped);
            entered = true;
            started = context.Clock.Now;
            var measured = context.Measure(work, flow.Claim.Database ?? context.Database);
            var result = await TransientRetry.Pipeline.ExecuteAsync(async _ => await AttemptAsync(work), work.Stopped);
            flow.Admit(result);
            flow.Answered(work, result, started);
            measured.Complete();
        }
        catch (OperationCanceledException) when (work.Stopped.IsCancellationRequested)
        {
            Log.StepStopped(context.Logger, flow.Claim.Id, flow.LogName(work.Execution));
        }
        catch (Exception) when (work.Stopped.IsCancellationRequested)
        {
            Log.StepStopped(context.Logger, flow.Claim.Id, flow.LogName(work.Execution)); // the error is only that of the stopped statement
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            StepRunner.Fail(work, work.Describe(e), started);
        }
        finally
        {
            work.Measured?.Dispose();
            if (entered)
                _room.Leave(flow.Claim.RoleOid);
        }
    }

    private async Task<StepResult> AttemptAsync(StepWork work)
    {
        var claim = work.Flow.Claim;
        var statement = work.Sink is null ? work.Statement : null;
        PostgresException? first = null;
        while (true)
        {
            work.Attempt++;
            await using var session = await OpenAsync(claim, work.Sink is not null, work.Stopped);
            try
            {
                if (work.Sink is { } sink)
                {
                    await session.WriteAsync(sink, context.Time, work.Stopped);
                    return sink.Result;
                }
                return await session.RunAsync(statement!.Text, context.Options.MaxResultBytes, work.Stopped);
            }
            // The position is in the statement: the server has only read it.
            catch (PostgresException e) when (!work.Stopped.IsCancellationRequested && statement is not null && e.Position > 0 && StatementForms.MayBeTypes(e))
            {
                first ??= e;
                statement = statement.Otherwise() ?? throw first;
            }
            // An error that the server reports of the statement is no lost connection, although Npgsql closes it after some of them.
            catch (NpgsqlException e) when (session.IsBroken && !SqlErrors.IsOfStatement(e) && !work.Stopped.IsCancellationRequested && ++work.Losses < MaxLosses)
            {
                Log.ConnectionLost(context.Logger, work.Flow.Claim.Id, LogText.Of(e));
            }
        }
    }

    private async Task<OutsideSession> OpenAsync(ClaimedInstance claim, bool inBlock, CancellationToken ct)
    {
        try
        {
            return await open(claim.Database, claim.RoleOid, inBlock, ct);
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

using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps;

/// <summary>
/// Runs statements whose effect can't commit together with their checkpoint, at least once: those of other databases, and those that
/// PostgreSQL refuses to run in a transaction block.
/// </summary>
/// <param name="services">The session's.</param>
internal sealed class OutsideRunner(StepServices services)
{
    private const int MaxLosses = 5;

    private const int Reserve = 2;
    private readonly FairRoom _room = new(services.Options.MaxConcurrentSteps, Reserve);

    /// <summary>Whether a statement that failed in a transaction block is to run here instead.</summary>
    public static bool Takes(Exception e, string sql) => e is PostgresException error && StandaloneStatements.Takes(error, sql);

    // On another thread, because the instance is still at the decision that asks.
    public void Run(StepWork work) => _ = Task.Run(() => RunAsync(work));

    private async Task RunAsync(StepWork work)
    {
        var entered = false;
        var started = services.Clock.Now;
        var instance = work.Instance;
        try
        {
            await _room.EnterAsync(instance.Claim.RoleOid, instance.Claim.Workflow, work.Stopped);
            entered = true;
            started = services.Clock.Now;
            var measured = services.Measure(work, instance.Claim.Database ?? services.Database);
            var result = await TransientRetry.Pipeline.ExecuteAsync(async _ => await AttemptAsync(work), work.Stopped);
            instance.CountResult(result);
            instance.Answered(work, result, started);
            measured.Complete();
        }
        catch (Exception) when (work.Stopped.IsCancellationRequested)
        {
            // An error is only that of the stopped statement.
            Log.StepStopped(services.Logger, instance.Claim.Id, instance.LogName(work.Execution));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            work.Fail(work.Describe(e), started);
        }
        finally
        {
            work.Measured?.Dispose();
            if (entered)
                _room.Leave(instance.Claim.RoleOid);
        }
    }

    private async Task<StepResult> AttemptAsync(StepWork work)
    {
        var statement = work.Sink is null ? work.Statement : null;
        PostgresException? first = null;
        while (true)
        {
            work.Attempt++;
            await using var session = await OpenAsync(work.Instance.Claim, work.Sink is not null, work.Stopped);
            try
            {
                if (work.Sink is { } sink)
                {
                    await session.WriteAsync(sink, services.Time, work.Stopped);
                    return sink.Result;
                }
                return await session.RunAsync(statement!.Text, services.Options.MaxResultBytes, work.Stopped);
            }
            // The error has a position in the statement, so the server has only read it.
            catch (PostgresException e) when (!work.Stopped.IsCancellationRequested && statement is not null && e.Position > 0
                && StatementForms.MayBeTypes(e))
            {
                first ??= e;
                statement = statement.Otherwise() ?? throw first;
            }
            // Npgsql closes the connection after some errors of the statement itself. Those are no lost connection.
            catch (NpgsqlException e) when (session.IsBroken && !SqlErrors.IsOfStatement(e) && !work.Stopped.IsCancellationRequested
                && ++work.Losses < MaxLosses)
            {
                Log.ConnectionLost(services.Logger, work.Instance.Claim.Id, LogText.Of(e));
            }
        }
    }

    private async Task<OutsideSession> OpenAsync(ClaimedInstance claim, bool inBlock, CancellationToken ct)
    {
        try
        {
            return await services.Sessions.OpenRoleSessionAsync(claim.Database, claim.RoleOid, inBlock, ct);
        }
        catch (NpgsqlException e)
        {
            var server = e as PostgresException;
            throw new PostgresException(
                $"Failed to connect to database '{claim.Database ?? services.Database}' as '{claim.RoleName}'. "
                + $"Error: {server?.MessageText ?? e.Message}",
                "FATAL", "FATAL", server?.SqlState ?? PostgresErrorCodes.ConnectionFailure, server?.Detail, server?.Hint);
        }
    }
}

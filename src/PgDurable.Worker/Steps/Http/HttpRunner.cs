using Microsoft.Extensions.Logging;
using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Fairness;
using PgDurable.Worker.Instances;
using PgDurable.Worker.Store;
using PgDurable.Worker.Store.Connections;
using PgDurable.Worker.Store.Results;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps.Http;

/// <summary>Sends the requests of HTTP steps, a bounded number side by side.</summary>
internal sealed class HttpRunner(
    WorkerStore store, HttpExecutor executor, EndpointLookup endpoints, DatabaseClock clock, ILogger logger, StepTelemetry telemetry, string database, Action<StepWork> write,
    Action placeFreed, Action<InstanceFlow> putAside) : IDisposable
{
    private const int MaxConcurrentRequests = 64;
    private const int Reserve = 16;
    private readonly FairRoom _room = new(MaxConcurrentRequests, Reserve);

    // On another thread: a refusal that comes at once must not reach the instance while it is still at the decision that asks.
    public void Send(StepWork work) => _ = Task.Run(() => SendAsync(work));

    public void Dispose() => executor.Dispose();

    private async Task SendAsync(StepWork work)
    {
        var entered = false;
        var started = clock.Now;
        RunningStep? step = null;
        try
        {
            await _room.EnterAsync(work.Flow.Claim.RoleOid, work.Flow.Claim.Workflow, work.Stopped);
            entered = true;
            // It holds no connection and, as far as it is the only thing under way, none of the places for instances in hand.
            work.Flow.RequestsUnderWay(+1);
            placeFreed();
            started = clock.Now;
            work.Attempt = 1;
            var call = ((Command.SendHttp)work.Command).Call;
            step = telemetry.StartHttp(work.Flow.Describe(work.Command), call.Method, call.Endpoint is null ? call.Url : "", HttpTarget.TryGetHost);
            var claim = work.Flow.Claim;
            var (first, createdAt) = await PolicyAsync(claim, call);
            var attempts = work.Flow.IsRetried(work.Execution) ? 1 : HttpExecutor.DefaultAttempts;
            var key = IdempotencyKey.Create(claim.Id, createdAt, work.Execution, work.Flow.IsRetry);
            HttpPolicy? known = first;
            var answer = await executor.ExecuteAsync(call, async _ =>
            {
                var policy = known ?? (await PolicyAsync(claim, call)).Policy;
                known = null;
                return new HttpAttempt(policy, (servers, ct) => endpoints.ReadAsync(claim, servers, ct));
            }, key, claim.Database ?? database, attempts, work.Stopped);
            if (answer.Sink is { } row)
            {
                work.Sink = new SinkWrite(row, answer.Result);
                work.Attempt = 0;
                (work.Measured, step) = (step, null); // it ends with the row
                write(work);
                return;
            }
            work.Flow.Admit(answer.Result);
            work.Flow.Answered(work, answer.Result, started);
            step.Complete();
        }
        catch (OperationCanceledException) when (work.Stopped.IsCancellationRequested)
        {
            Log.StepStopped(logger, work.Flow.Claim.Id, work.Flow.LogName(work.Execution));
        }
        catch (HttpStepException e)
        {
            step?.Fail(e.Error.SqlState);
            work.Flow.Failed(work, e.Error, started);
        }
        catch (ResultTooLargeException e)
        {
            step?.Fail(PostgresErrorCodes.ProgramLimitExceeded);
            work.Flow.Failed(work, SqlErrors.Describe(e, null), started);
        }
        catch (Exception e) when (Faults.Passes(e) || Faults.IsOfSession(e))
        {
            // With the session gone too: then this gives nothing back, and the next worker has it.
            work.Flow.GiveBack(TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            Log.Defect(logger, work.Flow.Claim.Id, LogText.Of(e), LogText.Place(e));
            work.Flow.Failed(work, Faults.InternalError(e), started);
        }
        catch (Exception e)
        {
            Log.PutAside(logger, work.Flow.Claim.Id, LogText.Of(e));
            putAside(work.Flow);
        }
        finally
        {
            step?.Dispose();
            if (entered)
            {
                work.Flow.RequestsUnderWay(-1);
                _room.Leave(work.Flow.Claim.RoleOid);
            }
        }
    }

    /// <exception cref="HttpStepException">The role may not send requests.</exception>
    private async Task<(HttpPolicy Policy, DateTimeOffset CreatedAt)> PolicyAsync(ClaimedInstance claim, HttpCall call)
    {
        // Asked at every request: a right that was taken back, or a host that was taken off the list, ends with the next request.
        var to = call.Endpoint is null ? "text" : "df.http_endpoint";
        var function = call.Kind switch
        {
            HttpCallKind.Plain => $"df.http({to},text,text,jsonb,integer)",
            HttpCallKind.Json => $"df.http_json({to},text,jsonb,jsonb,integer)",
            HttpCallKind.Multipart => $"df.http_multipart({to},text,jsonb,jsonb,integer)",
            _ => throw new ArgumentOutOfRangeException(nameof(call)),
        };
        var rights = await store.HttpRightsAsync(claim.InstanceNo, claim.RoleOid, function, CancellationToken.None);
        if (!rights.Granted)
        {
            var name = function[..function.IndexOf('(', StringComparison.Ordinal)];
            throw HttpErrors.Refused(
                $"Blocked: role '{claim.RoleName}' does not have EXECUTE privilege on {name}(). Grant EXECUTE ON FUNCTION {function} TO {claim.RoleName} to allow HTTP requests.",
                $"SELECT df.grant_usage('{claim.RoleName}', include_http => true);");
        }
        return (HttpPolicy.Read(rights, logger), rights.CreatedAt);
    }
}

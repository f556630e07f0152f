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

/// <summary>Sends the requests of HTTP steps, a limited number at the same time.</summary>
/// <param name="services">The session's.</param>
internal sealed class HttpRunner(StepServices services) : IDisposable
{
    private const int MaxConcurrentRequests = 64;
    private const int Reserve = 16;
    private readonly FairRoom _room = new(MaxConcurrentRequests, Reserve);
    private readonly EndpointLookup _endpoints = new(services.Sessions);
    private readonly HttpExecutor _executor =
        new(services.Logger, services.Telemetry.Metrics, services.Time, services.Options.MaxResultBytes);

    /// <summary>The maximum size of a step's result from now on.</summary>
    public long MaxResultBytes
    {
        get => _executor.MaxResultBytes;
        set => _executor.MaxResultBytes = value;
    }

    // On another thread: a refusal that comes at once must not reach the instance while it is still at the decision that asks.
    public void Send(StepWork work) => _ = Task.Run(() => SendAsync(work));

    public void Dispose() => _executor.Dispose();

    private async Task SendAsync(StepWork work)
    {
        var entered = false;
        var started = services.Clock.Now;
        var instance = work.Instance;
        RunningStep? step = null;
        try
        {
            await _room.EnterAsync(instance.Claim.RoleOid, instance.Claim.Workflow, work.Stopped);
            entered = true;
            instance.RequestSent();
            started = services.Clock.Now;
            work.Attempt = 1;
            var call = ((Command.SendHttp)work.Command).Call;
            var url = call.Endpoint is null ? call.Url : "";
            step = services.Telemetry.StartHttp(instance.Describe(work.Command), call.Method, url, HttpTarget.TryGetHost);
            var answer = await ExecuteAsync(work, call);
            if (answer.Sink is { } row)
            {
                work.Sink = new SinkWrite(row, answer.Result);
                work.Attempt = 0; // attempts to write the row count anew
                (work.Measured, step) = (step, null); // it ends with the row
                instance.WriteResponse(work);
                return;
            }
            instance.CountResult(answer.Result);
            instance.Answered(work, answer.Result, started);
            step.Complete();
        }
        catch (OperationCanceledException) when (work.Stopped.IsCancellationRequested)
        {
            Log.StepStopped(services.Logger, instance.Claim.Id, instance.LogName(work.Execution));
        }
        catch (HttpStepException e)
        {
            step?.Fail(e.Error.SqlState);
            instance.Failed(work, e.Error, started);
        }
        catch (ResultTooLargeException e)
        {
            step?.Fail(PostgresErrorCodes.ProgramLimitExceeded);
            instance.Failed(work, SqlErrors.Describe(e, null), started);
        }
        catch (Exception e) when (Faults.Passes(e) || Faults.IsOfSession(e))
        {
            // If the session is gone too, this returns nothing, and the next worker claims the instance.
            instance.Requeue(TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (Faults.IsOfData(e))
        {
            Log.Defect(services.Logger, instance.Claim.Id, LogText.Of(e), LogText.Place(e));
            instance.Failed(work, Faults.InternalError(e), started);
        }
        catch (Exception e)
        {
            Log.PutAside(services.Logger, instance.Claim.Id, LogText.Of(e));
            instance.RequeueWithBackoff();
        }
        finally
        {
            step?.Dispose();
            if (entered)
            {
                instance.RequestEnded();
                _room.Leave(instance.Claim.RoleOid);
            }
        }
    }

    private async Task<HttpAnswer> ExecuteAsync(StepWork work, HttpCall call)
    {
        var instance = work.Instance;
        var claim = instance.Claim;
        var (first, createdAt) = await PolicyAsync(claim, call);
        var attempts = instance.IsRetried(work.Execution) ? 1 : HttpExecutor.DefaultAttempts;
        var key = IdempotencyKey.Create(claim.Id, createdAt, work.Execution, instance.IsRetry);
        HttpPolicy? known = first;
        return await _executor.ExecuteAsync(call, async _ =>
        {
            var policy = known ?? (await PolicyAsync(claim, call)).Policy;
            known = null;
            return new HttpAttempt(policy, (servers, ct) => _endpoints.ReadAsync(claim, servers, ct));
        }, key, claim.Database ?? services.Database, attempts, work.Stopped);
    }

    /// <exception cref="HttpStepException">The role may not send requests.</exception>
    private async Task<(HttpPolicy Policy, DateTimeOffset CreatedAt)> PolicyAsync(ClaimedInstance claim, HttpCall call)
    {
        // Read for each request, so that a revoked right, or a host taken off the list, counts from the next request on.
        var to = call.Endpoint is null ? "text" : "df.http_endpoint";
        var function = call.Kind switch
        {
            HttpCallKind.Plain => $"df.http({to},text,text,jsonb,integer)",
            HttpCallKind.Json => $"df.http_json({to},text,jsonb,jsonb,integer)",
            HttpCallKind.Multipart => $"df.http_multipart({to},text,jsonb,jsonb,integer)",
            _ => throw new ArgumentOutOfRangeException(nameof(call)),
        };
        var rights = await services.Store.HttpRightsAsync(claim.InstanceNo, claim.RoleOid, function, CancellationToken.None);
        if (!rights.Granted)
        {
            var name = function[..function.IndexOf('(', StringComparison.Ordinal)];
            throw HttpErrors.Refused(
                $"Blocked: role '{claim.RoleName}' does not have EXECUTE privilege on {name}(). "
                + $"Grant EXECUTE ON FUNCTION {function} TO {claim.RoleName} to allow HTTP requests.",
                $"SELECT df.grant_usage('{claim.RoleName}', include_http => true);");
        }
        return (HttpPolicy.Read(rights, services.Logger), rights.CreatedAt);
    }
}

using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Steps.Http;

/// <summary>Sends the requests of HTTP steps.</summary>
/// <remarks>At least once: a request whose response was lost is sent again, with the same <c>Idempotency-Key</c>.</remarks>
/// <param name="logger">Logs retries, but never paths, headers or bodies.</param>
/// <param name="metrics">Counts retries.</param>
/// <param name="time">Measures time-outs and pauses.</param>
/// <param name="maxResultBytes">The maximum size of a step's result.</param>
/// <param name="resolve">Finds the addresses of a name.</param>
internal sealed class HttpExecutor(ILogger logger, StepMetrics metrics, TimeProvider time, long maxResultBytes,
    Func<string, CancellationToken, Task<IPAddress[]>> resolve) : IDisposable
{
    /// <summary>How often a request is sent at most, unless the workflow says otherwise.</summary>
    public const int DefaultAttempts = 3;

    // The preview of an error needs no more.
    private const int MaxErrorBytes = 64 * 1024;

    // A timer can't wait longer: about 24 days.
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly HttpClients _clients = new(resolve);

    /// <summary>The maximum size of a step's result from now on.</summary>
    public long MaxResultBytes { get; set; } = maxResultBytes;

    public HttpExecutor(ILogger logger, StepMetrics metrics, TimeProvider time, long maxResultBytes)
        : this(logger, metrics, time, maxResultBytes, Dns.GetHostAddressesAsync) { }

    /// <param name="call">What to send.</param>
    /// <param name="attempt">Finds out what is allowed and known now, for each attempt.</param>
    /// <param name="idempotencyKey">The same for every attempt at this execution of the step, by any worker.</param>
    /// <param name="database">The database that a table for the response is in.</param>
    /// <param name="attempts">How often it is sent at most; 1 if one of the workflow's own retries encloses the step.</param>
    /// <param name="ct">Stops the request.</param>
    /// <exception cref="HttpStepException">The request was refused, or has failed for good.</exception>
    public async Task<HttpAnswer> ExecuteAsync(
        HttpCall call, Func<CancellationToken, Task<HttpAttempt>> attempt, string idempotencyKey, string database, int attempts,
        CancellationToken ct)
    {
        PreparedRequest? request = null;
        var made = 0;
        var pipeline = HttpRetry.Create(attempts, time, (failure, number, delay) =>
        {
            metrics.HttpRetried(request!.Method.Method, failure.Cause);
            Log.HttpRetry(logger, request.Method.Method, request.Target.Host, number, failure.Cause, delay.TotalMilliseconds);
        });
        try
        {
            return await pipeline.ExecuteAsync(async token =>
            {
                request = await PrepareAsync(call, await attempt(token), idempotencyKey, token);
                made++;
                return await SendAsync(request, call, database, token);
            }, ct);
        }
        catch (HttpStepException e) when (made > 1)
        {
            var error = e.Error with { Detail = $"The request was sent {made} times." };
            throw new HttpStepException(error, e.Cause, e) { MayRetry = e.MayRetry, RetryAfter = e.RetryAfter };
        }
    }

    public void Dispose() => _clients.Dispose();

    /// <summary>Whether a status fails the step. The workflow can look at every other response.</summary>
    public static bool Fails(HttpStatusCode status, HttpCall call) =>
        status is >= HttpStatusCode.InternalServerError || (status is HttpStatusCode.TooManyRequests && call.FailsWhenTooMany);

    /// <summary>The beginning of a failed response's body for the error, unless nothing of the body may be kept.</summary>
    public static string Preview(HttpExchange exchange, HttpCall call) =>
        call.Options.Response == HttpResponseMode.Inline ? exchange.Preview() : "(response body omitted)";

    private static async Task<PreparedRequest> PrepareAsync(HttpCall call, HttpAttempt attempt, string idempotencyKey, CancellationToken ct)
    {
        var policy = attempt.Policy;
        if (policy.Security == HttpSecurity.Disabled)
            throw HttpTarget.Disabled();
        var (catalog, endpoint, url) = (EndpointCatalog.Empty, (Endpoint?)null, call.Url);
        if (call.Endpoint is { } name)
        {
            catalog = await attempt.LookUp(call.Servers, ct);
            endpoint = catalog.Endpoint(name);
            url = EndpointUrl.Join(name, endpoint, call.Url);
        }
        var httpsOnly = policy.Security == HttpSecurity.Restricted && policy.AllowedHosts.IsEmpty;
        var target = HttpTarget.Parse(url, httpsOnly);
        // Before a secret is read: a request that may not be sent needs none.
        var mayBePrivate = target.MayBePrivate(policy);
        if (call.Endpoint is null && call.Servers is { Length: > 0 } servers)
            catalog = await attempt.LookUp(servers, ct);
        return PreparedRequest.Create(
            call, url, mayBePrivate, policy, RequestSecrets.Create(call, target, endpoint, catalog), idempotencyKey);
    }

    private async Task<HttpAnswer> SendAsync(PreparedRequest request, HttpCall call, string database, CancellationToken ct)
    {
        var url = request.Target.Display;
        var timeout = TimeSpan.FromSeconds(call.TimeoutSeconds);
        using var expiry = new CancellationTokenSource(timeout < MaxTimeout ? timeout : MaxTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, expiry.Token);
        var started = time.GetTimestamp();
        try
        {
            using var message = request.ToMessage();
            using var response = await _clients.For(request.MayBePrivate).SendAsync(message, either.Token);
            var fails = Fails(response.StatusCode, call);
            if (!fails && response.Content.Headers.ContentLength > request.MaxResponseBytes)
                throw TooLarge();
            var maxBytes = fails ? Math.Min(MaxErrorBytes, request.MaxResponseBytes) : request.MaxResponseBytes;
            var exchange = await HttpExchange.ReadAsync(response, maxBytes, either.Token);
            if (fails)
                throw HttpErrors.Status(request.Node, request.Method.Method, url,
                    (int)exchange.Status, Preview(exchange, call), Delay(exchange.RetryAfter));
            if (exchange.IsTruncated)
                throw TooLarge();
            return ResponseEnvelope.Write(exchange, call.Options, database, time.GetElapsedTime(started), MaxResultBytes);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            if (expiry.IsCancellationRequested)
                throw HttpErrors.TimedOut(url, call.TimeoutSeconds);
            throw HttpErrors.Transport(url, e);
        }

        HttpStepException TooLarge() => call.Options.MaxResponseBytes is { } own && own <= request.MaxResponseBytes
            ? HttpErrors.OverOwnLimit("response", "max_response_bytes", own)
            : HttpErrors.ResponseTooLarge(url, request.MaxResponseBytes);
    }

    private TimeSpan? Delay(RetryConditionHeaderValue? retryAfter) => retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow());
}

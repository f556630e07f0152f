using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Execution.Http;

/// <summary>Sends the requests of HTTP steps.</summary>
/// <remarks>At least once: a request whose response was lost is sent again, with the same <c>Idempotency-Key</c>.</remarks>
/// <param name="logger">Hears of retries; never of paths, headers and bodies.</param>
/// <param name="metrics">Counts retries.</param>
/// <param name="time">Measures time-outs and pauses.</param>
/// <param name="maxResultBytes">The largest result of a step.</param>
/// <param name="resolve">Finds the addresses of a name.</param>
internal sealed class HttpExecutor(ILogger logger, StepMetrics metrics, TimeProvider time, long maxResultBytes,
    Func<string, CancellationToken, Task<IPAddress[]>> resolve) : IDisposable
{
    /// <summary>How often a request is sent at most when the workflow says nothing about it.</summary>
    public const int DefaultAttempts = 3;

    // For the preview of an error there is no need to read more.
    private const int MaxErrorBytes = 64 * 1024;

    // The longest that a timer can wait, about 24 days.
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly HttpClients _clients = new(resolve);

    /// <summary>The largest result of a step from now on.</summary>
    public long MaxResultBytes { get; set; } = maxResultBytes;

    public HttpExecutor(ILogger logger, StepMetrics metrics, TimeProvider time, long maxResultBytes)
        : this(logger, metrics, time, maxResultBytes, Dns.GetHostAddressesAsync) { }

    /// <param name="call">What to send.</param>
    /// <param name="policy">What is allowed now.</param>
    /// <param name="idempotencyKey">The same for every attempt at this execution of the step, by whichever worker.</param>
    /// <param name="attempts">How often it is sent at most; 1 when a retry of the workflow's encloses the step.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="HttpStepException">It was refused, or failed for good.</exception>
    public async Task<StepResult> ExecuteAsync(HttpCall call, HttpPolicy policy, string idempotencyKey, int attempts, CancellationToken ct)
    {
        var request = PreparedRequest.Create(call, policy, idempotencyKey);
        var host = request.Target.Host;
        var made = 0;
        var pipeline = HttpRetry.Create(attempts, time, (failure, attempt, delay) =>
        {
            metrics.HttpRetried(request.Method.Method, failure.Cause);
            Log.HttpRetry(logger, request.Method.Method, host, attempt, failure.Cause, delay.TotalMilliseconds);
        });
        try
        {
            return await pipeline.ExecuteAsync(async token =>
            {
                made++;
                return await SendAsync(request, policy, call.TimeoutSeconds, token);
            }, ct);
        }
        catch (HttpStepException e) when (made > 1)
        {
            var error = e.Error with { Detail = $"The request was sent {made} times." };
            throw new HttpStepException(error, e.Cause, e) { MayRetry = e.MayRetry, RetryAfter = e.RetryAfter };
        }
    }

    public void Dispose() => _clients.Dispose();

    private async Task<StepResult> SendAsync(PreparedRequest request, HttpPolicy policy, int timeoutSeconds, CancellationToken ct)
    {
        var url = request.Target.Display;
        var timeout = TimeSpan.FromSeconds(timeoutSeconds);
        using var expiry = new CancellationTokenSource(timeout < MaxTimeout ? timeout : MaxTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, expiry.Token);
        var started = time.GetTimestamp();
        try
        {
            using var message = request.ToMessage();
            using var response = await _clients.For(policy).SendAsync(message, either.Token);
            var fails = Fails(response.StatusCode);
            if (!fails && response.Content.Headers.ContentLength > policy.MaxResponseBytes)
                throw HttpErrors.ResponseTooLarge(url, policy.MaxResponseBytes);
            var maxBytes = fails ? Math.Min(MaxErrorBytes, policy.MaxResponseBytes) : policy.MaxResponseBytes;
            var exchange = await HttpExchange.ReadAsync(response, maxBytes, either.Token);
            if (fails)
                throw HttpErrors.Status(request.Node, request.Method.Method, url,
                    (int)exchange.Status, exchange.Preview(), Delay(exchange.RetryAfter));
            if (exchange.IsTruncated) throw HttpErrors.ResponseTooLarge(url, policy.MaxResponseBytes);
            return ResponseEnvelope.Write(exchange, time.GetElapsedTime(started), MaxResultBytes);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            if (expiry.IsCancellationRequested) throw HttpErrors.TimedOut(url, timeoutSeconds);
            throw HttpErrors.Transport(url, e);
        }
    }

    /// <summary>Every other status is an answer that the workflow can look at.</summary>
    public static bool Fails(HttpStatusCode status) => status is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests;

    private TimeSpan? Delay(RetryConditionHeaderValue? retryAfter) => retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow());
}

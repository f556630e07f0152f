
namespace PgDurable.Worker.Tests.Steps.Http;

public sealed class RetryTests : IDisposable
{
    private readonly HttpHarness _http = new();

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Send_FailureThenSuccess_IsSentAgainWithTheSameKeyAndBody(int status)
    {
        await using var server = await TestServer.StartAsync(
            TestServer.Status(status), TestServer.Status(status), TestServer.Status(200, "done"));
        var envelope = await _http.SendAsync(HttpHarness.Call(server.Url, "POST", "body", ("X-A", "1")), attempts: 3);
        Assert.Equal("done", envelope.GetProperty("body").GetString());
        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests, request =>
            Assert.Equal((HttpHarness.Key, "body", "1"), (request.Headers["Idempotency-Key"], request.Text, request.Headers["X-A"])));
        Assert.Equal(2, _http.Time.Pauses.Count);
        Assert.All(_http.Time.Pauses, pause => Assert.True(pause > TimeSpan.Zero && pause < TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(503, 3)]
    [InlineData(502, 2)]
    [InlineData(500, 1)]
    public async Task Send_FailureEveryTime_FailsAfterTheAttempts(int status, int attempts)
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(status, "busy"));
        var e = await _http.FailGetAsync(server.Url, attempts);
        Assert.Equal(("DF008", $"HTTP GET {server.Url}/ returned {status}: busy"), (e.Error.SqlState, e.Message));
        Assert.Equal(attempts == 1 ? null : $"The request was sent {attempts} times.", e.Error.Detail);
        Assert.Equal(attempts, server.Requests.Count);
        Assert.Equal(attempts - 1, _http.Time.Pauses.Count);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("86400", 60)]
    [InlineData("Sun, 01 Mar 2026 12:00:20 GMT", 20)]
    [InlineData("Sun, 01 Mar 2026 11:00:00 GMT", 0)]
    [InlineData("Sun, 01 Mar 2099 12:00:00 GMT", 60)]
    public async Task Send_RetryAfter_IsHonouredUpToAMinute(string header, int seconds)
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(503, "", ("Retry-After", header)), TestServer.Status(200));
        await _http.GetAsync(server.Url, attempts: 2);
        // A pause of nothing needs no timer.
        Assert.Equal(seconds == 0 ? [] : [TimeSpan.FromSeconds(seconds)], _http.Time.Pauses);
    }

    [Fact]
    public async Task Send_TooManyRequests_IsAResult()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(429, "later", ("Retry-After", "7")));
        Assert.Equal(429, (await _http.GetAsync(server.Url, attempts: 3)).GetProperty("status").GetInt32());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Send_TooManyRequestsInARetryThatWaitsForServers_FailsAndSaysHowLong()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(429, "later", ("Retry-After", "7")));
        var e = await _http.FailAsync(HttpHarness.Call(server.Url) with { FailsWhenTooMany = true });
        Assert.Equal(
            ("DF008", $"HTTP GET {server.Url}/ returned 429: later", (double?)7), (e.Error.SqlState, e.Message, e.Error.RetryAfterSeconds));
    }

    [Fact]
    public async Task Send_RetryAfterThatSaysNothing_BacksOff()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(503, "", ("Retry-After", "soon")), TestServer.Status(200));
        await _http.GetAsync(server.Url, attempts: 2);
        Assert.Single(_http.Time.Pauses);
    }

    [Fact]
    public async Task Send_SingleAttempt_HandsOnWhatTheServerAskedFor()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(503, "", ("Retry-After", "120")));
        var e = await _http.FailGetAsync(server.Url);
        Assert.Equal((true, TimeSpan.FromSeconds(120)), (e.MayRetry, e.RetryAfter));
    }

    [Fact]
    public async Task Send_TimeOut_IsTriedAgain()
    {
        var calls = 0;
        await using var server = await TestServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref calls) > 1)
                return;
            _http.Time.Expire();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        Assert.Equal(200, (await _http.GetAsync(server.Url, attempts: 2)).GetProperty("status").GetInt32());
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Send_TimeOutEveryTime_SaysSo()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            _http.Time.Expire();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        var e = await _http.FailGetAsync(server.Url + "/slow", attempts: 3);
        Assert.Equal(("DF008", $"HTTP timeout after {ScriptedTime.Long}s: {server.Url}/slow"), (e.Error.SqlState, e.Message));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Send_TimeOutInTheBody_CoversTheWholeExchange()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.Response.StartAsync();
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            _http.Time.Expire();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        Assert.StartsWith("HTTP timeout after ", (await _http.FailGetAsync(server.Url)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Cancelled_StopsAtOnce()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _http.SendAsync(HttpHarness.Call(server.Url), attempts: 3, cancellation.Token));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Send_HugeTimeout_IsNoError()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        await _http.SendAsync(HttpHarness.Call(server.Url) with { TimeoutSeconds = int.MaxValue });
    }

    [Fact]
    public async Task Send_Retries_AreLoggedWithoutSecrets()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(500, "body-secret"), TestServer.Status(200));
        var url = server.Url.Replace("http://", "http://user:info-secret@", StringComparison.Ordinal) + "/path-secret?query-secret";
        await _http.SendAsync(HttpHarness.Call(url, "POST", "request-secret", ("Authorization", "header-secret")), attempts: 2);
        var message = Assert.Single(_http.Logger.Messages);
        Assert.StartsWith("HTTP POST to 127.0.0.1: attempt 1 failed (500); trying again in ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.Equal(["pgdurable.worker.http.retries 1 error.type=500 http.request.method=POST"], _http.Meters.Measurements);
    }

    [Fact]
    public async Task Send_Failure_HidesRequestSecretsInTheWholeException()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(500, "answer"));
        var url = server.Url.Replace("http://", "http://user:info-secret@", StringComparison.Ordinal) + "/path?query-secret";
        var e = await _http.FailAsync(HttpHarness.Call(url, "POST", "request-secret", ("Authorization", "header-secret")), attempts: 2);
        Assert.DoesNotContain("secret", e.ToString() + e.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _http.Dispose();
}

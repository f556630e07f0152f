namespace PgDurable.Testing.Tests.Answers;

public sealed class HttpTests
{
    [Fact]
    public async Task Http_Json_IsTheWorkersEnvelope()
    {
        var result = await Get().Http(
            _ => HttpReply.Json(new { SomeId = 1 }) with { Headers = new Dictionary<string, string> { ["X-Trace"] = "t1" } }).RunAsync();

        Assert.Equal(200, result.Output.GetProperty("status").GetInt32());
        Assert.Equal("""{"some_id":1}""", result.Output.GetProperty("body").GetString());
        Assert.Equal("t1", result.Output.GetProperty("headers").GetProperty("x-trace").GetString());
        Assert.True(result.Output.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Http_NotFound_IsAResult()
    {
        var result = await Get().Http(_ => HttpReply.Text("no", 404)).RunAsync();

        Assert.False(result.Output.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Http_ServerError_IsSentThreeTimes()
    {
        var sendings = new List<int>();
        var result = await Get().Http(request =>
        {
            sendings.Add(request.Sending);
            return HttpReply.Status(503);
        }).RunAsync();

        Assert.Equal([1, 2, 3], sendings);
        Assert.Equal("The request was sent 3 times.", result.ShouldFail("DF008").Error!.Detail);
    }

    [Fact]
    public async Task Http_PassingError_IsNoFailure() =>
        (await Get().Http(request => request.Sending == 1 ? HttpReply.Timeout() : HttpReply.Status(200)).RunAsync()).ShouldComplete();

    [Fact]
    public async Task Http_ByName_ComesBeforeTheOthers()
    {
        var result = await WorkflowTest.For(Df.Http("https://a.test/x", "GET").As("a") & Df.Http("https://b.test/y", "GET").As("b"))
            .Http(_ => HttpReply.Text("any")).Http("b", _ => HttpReply.Text("b")).RunAsync();

        Assert.Equal(["any", "b"], result.Output.EnumerateArray().Select(reply => reply.GetProperty("body").GetString()));
    }

    [Fact]
    public async Task Http_BadUrl_FailsWithoutBeingAsked()
    {
        var result = await WorkflowTest.For(Df.Http("https://$input.host/", "GET"), """{"host":""}""")
            .Http(_ => throw new InvalidOperationException()).RunAsync();

        result.ShouldFail();
    }

    [Fact]
    public async Task FailStep_OfARequest_IsItsFailure() =>
        (await Get().FailStep("page", "DF009", "blocked").RunAsync()).ShouldFail("DF009", "page");

    [Fact]
    public async Task Http_TooManyRequests_IsAResultUnlessARetryWaitsForServers()
    {
        Assert.Equal(429, (await Get().Http(_ => HttpReply.Status(429)).RunAsync()).Output.GetProperty("status").GetInt32());

        var reply = HttpReply.Status(429) with { Headers = new Dictionary<string, string> { ["Retry-After"] = "30" } };
        var result = await WorkflowTest.For(Df.Retry(Df.Http("https://a.test/x", "GET").As("page"), 2, 1, retryAfter: true))
            .Http(request => request.Step.Attempt == 1 ? reply : HttpReply.Status(200)).RunAsync();
        Assert.Equal(200, result.Output.GetProperty("status").GetInt32());
        Assert.Equal(TimeSpan.FromSeconds(30), result.Executed[^1].At);
    }

    [Fact]
    public async Task Http_Options_HoldHereToo()
    {
        var request = Df.Http(new DfEndpoint("crm", "/x"), "POST");
        var options = new HttpOptions
        {
            Response = HttpResponseMode.Metadata,
            MaxResponseBytes = 4,
            SecretQuery = new Dictionary<string, Secret> { ["key"] = new("vault", "k") },
            FormFields = new Dictionary<string, string> { ["a"] = "$b c" },
        };
        TestHttpRequest? sent = null;
        var result = await WorkflowTest.For(Df.WithHttpOptions(request, options)).Http(r =>
        {
            sent = r;
            return HttpReply.Text("1234");
        }).RunAsync();

        Assert.Equal(4, result.Output.GetProperty("bytes").GetInt32());
        Assert.False(result.Output.TryGetProperty("body", out _));
        Assert.Equal(("crm", "/x", "a=%24b+c"), (sent!.Endpoint, sent.Url, sent.Body));
        Assert.Equal(["key"], sent.Secrets);
        (await WorkflowTest.For(Df.WithHttpOptions(request, options)).Http(_ => HttpReply.Text("12345")).RunAsync()).ShouldFail("54000");
    }

    static WorkflowTest<System.Text.Json.JsonElement> Get() => WorkflowTest.For(Df.Http("https://a.test/x", "GET").As("page"));
}

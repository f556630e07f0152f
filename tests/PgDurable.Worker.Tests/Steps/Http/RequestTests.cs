using System.Text;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Tests.Steps.Http;

public sealed class RequestTests : IDisposable
{
    private readonly HttpHarness _http = new();

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("delete")]
    [InlineData("PATCH")]
    public async Task Send_BodyAndHeaders_ArriveAsWritten(string method)
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        await _http.SendAsync(HttpHarness.Call(server.Url + "/a%2Fb?q=ü 1", method, "Grüße",
            ("X-One", "1 , 2"), ("content-type", "text/plain; charset=utf-8")));
        var request = server.Request;
        Assert.Equal((method.ToUpperInvariant(), "/a%2Fb?q=%C3%BC%201", "Grüße"), (request.Method, request.Url, request.Text));
        Assert.Equal(("1 , 2", "text/plain; charset=utf-8"), (request.Headers["X-One"], request.Headers["Content-Type"]));
        Assert.StartsWith("pg_durable/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(HttpHarness.Key, request.Headers["Idempotency-Key"]);
        Assert.Equal(["Content-Length", "Content-Type", "Host", "Idempotency-Key", "User-Agent", "X-One"],
            request.Headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Send_NoBody_HasNoContentType()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        await _http.SendAsync(HttpHarness.Call(server.Url, "POST", "x"));
        Assert.DoesNotContain("Content-Type", server.Request.Headers.Keys);
    }

    [Fact]
    public async Task Send_OwnDefaults_AreKept()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        await _http.SendAsync(HttpHarness.Call(server.Url,
            headers: [("idempotency-key", "mine"), ("user-agent", "me"), ("Accept", "text/csv")]));
        var headers = server.Request.Headers;
        Assert.Equal(("mine", "me", "text/csv"), (headers["Idempotency-Key"], headers["User-Agent"], headers["Accept"]));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/cloudevents+json")]
    public async Task Send_Json_HasItsTypeUnlessGiven(string type)
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        var headers = type == "application/json" ? [] : new[] { ("Content-Type", type) };
        await _http.SendAsync(new HttpCall(HttpCallKind.Json, "POST", server.Url, headers, """{"a":1}""", [], ScriptedTime.Long));
        Assert.Equal((type, """{"a":1}"""), (server.Request.Headers["Content-Type"], server.Request.Text));
    }

    [Theory]
    [InlineData("u:p%40ss", "u:p@ss")]
    [InlineData("u", "u:")]
    public async Task Send_UserInfo_BecomesBasicAuthorization(string userInfo, string expected)
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        await _http.GetAsync(server.Url.Replace("http://", $"http://{userInfo}@", StringComparison.Ordinal));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(expected)), server.Request.Headers["Authorization"]);
    }

    [Theory]
    [InlineData("Host", "evil.org")]
    [InlineData("content-length", "3")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Connection", "close")]
    [InlineData("Upgrade", "websocket")]
    [InlineData("Expect", "100-continue")]
    [InlineData("TE", "trailers")]
    public async Task Send_FramingHeader_IsRefused(string name, string value)
    {
        var e = await _http.FailAsync(HttpHarness.Call("http://api.example.com", headers: (name, value)));
        Assert.Equal(("22023", $"HTTP header '{name}' can't be set"), (e.Error.SqlState, e.Message));
    }

    [Theory]
    [InlineData("X-A", "secret\r\nX-Evil: 1")]
    [InlineData("X-A", "secret\n")]
    [InlineData("X-A", "secret\0")]
    [InlineData("X-A", "secretü")]
    [InlineData("X-A\r\nX-Evil", "secret")]
    [InlineData("X A", "secret")]
    [InlineData("X-A:", "secret")]
    [InlineData("", "secret")]
    public async Task Send_HeaderThatBreaksOut_IsRefusedWithoutItsValue(string name, string value)
    {
        var e = await _http.FailAsync(HttpHarness.Call("http://api.example.com", headers: (name, value)));
        Assert.Equal("22023", e.Error.SqlState);
        Assert.DoesNotContain("secret", e.ToString() + e.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Send_HeaderTwice_IsRefused()
    {
        var e = await _http.FailAsync(HttpHarness.Call("http://api.example.com", headers: [("A", "1"), ("a", "2")]));
        Assert.Equal("HTTP header 'a' is given twice", e.Message);
    }

    [Theory]
    [InlineData("Plain", "HEAD", "Invalid HTTP method: HEAD. Must be GET, POST, PUT, DELETE, or PATCH")]
    [InlineData("Json", "GET /\r\n", "Invalid HTTP method: GET /??. Must be GET, POST, PUT, DELETE, or PATCH")]
    [InlineData("Multipart", "GET", "Invalid HTTP method for multipart: GET. Must be POST, PUT, or PATCH")]
    public async Task Send_OtherMethod_IsRefused(string kind, string method, string message)
    {
        var e = await _http.FailAsync(new HttpCall(Enum.Parse<HttpCallKind>(kind), method, "http://api.example.com", [], null, [], 1));
        Assert.Equal(message, e.Message);
    }

    public void Dispose() => _http.Dispose();
}

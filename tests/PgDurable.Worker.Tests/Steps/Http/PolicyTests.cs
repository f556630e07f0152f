using System.Net;
using System.Net.Sockets;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Steps.Http;

namespace PgDurable.Worker.Tests.Steps.Http;

/// <summary>Where requests go, on the wire.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly HttpHarness _http = new();

    private static HttpPolicy Policy(string hosts, bool privateAddresses) =>
        HttpPolicy.Off with { AllowedHosts = AllowedHosts.Parse(hosts), AllowPrivateAddresses = privateAddresses };

    [Fact]
    public async Task Get_NameOfThisMachine_IsRefusedWithoutAConnection()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        _http.Policy = Policy("localhost", privateAddresses: false);
        var e = await _http.FailGetAsync(server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), attempts: 3);
        Assert.Equal("DF009", e.Error.SqlState);
        Assert.StartsWith("Blocked: the resolved IP address for 'localhost' is in a restricted range.",
            e.Message, StringComparison.Ordinal);
        Assert.Contains("pg_durable.http_allow_private_addresses", e.Error.Hint, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
        Assert.Empty(_http.Time.Pauses);
    }

    [Fact]
    public async Task Get_ListedPrivateAddress_NeedsBothSettings()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        _http.Policy = Policy("127.0.0.1", privateAddresses: false);
        Assert.Contains("restricted range", (await _http.FailGetAsync(server.Url)).Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
        _http.Policy = Policy("127.0.0.1", privateAddresses: true);
        await _http.GetAsync(server.Url);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Get_NameThatBecomesPrivate_IsAskedOnceAndNotConnectedTo()
    {
        // The classic attack: the first answer passes the check, the second one is connected to.
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var asked = 0;
        using var http = new HttpHarness((_, _) =>
            Task.FromResult<IPAddress[]>(Interlocked.Increment(ref asked) == 1 ? [] : [IPAddress.Loopback]));
        http.Policy = Policy("*.example.com", privateAddresses: false);
        var url = server.Url.Replace("127.0.0.1", "rebind.example.com", StringComparison.Ordinal);
        Assert.Equal("DF008", (await http.FailGetAsync(url)).Error.SqlState);
        Assert.Equal("DF009", (await http.FailGetAsync(url)).Error.SqlState);
        Assert.Equal((2, 0), (asked, server.Connections));
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "could not resolve host \"api.example.com\"")]
    [InlineData(SocketError.NoData, "could not resolve host \"api.example.com\"")]
    [InlineData(SocketError.TryAgain, "could not resolve host \"api.example.com\": the name server gives no answer")]
    public async Task Get_NameThatIsNotResolved_SaysSo(SocketError error, string detail)
    {
        using var http = new HttpHarness((_, _) => throw new SocketException((int)error));
        var e = await http.FailGetAsync("https://api.example.com/a?b=c");
        Assert.Equal(("DF008", $"HTTP connection failed: https://api.example.com/a?b=<redacted> - {detail}", true),
            (e.Error.SqlState, e.Message, e.MayRetry));
    }

    [Fact]
    public async Task Get_DomainThatIsPrivate_IsRefusedThoughPrivateAddressesAreAllowedForHosts()
    {
        using var http = new HttpHarness((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        http.Policy =
            Policy("*.internal.example", privateAddresses: true) with { AllowedDomains = AllowedHosts.ParseDomains("api.example.com") };
        Assert.Contains(
            "is in a restricted range", (await http.FailGetAsync("https://api.example.com/")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Unrestricted_ReachesPrivateAddressesWithoutAList()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        _http.Policy = HttpPolicy.Off with { Security = HttpSecurity.Unrestricted };
        Assert.Equal(200, (await _http.GetAsync(server.Url)).GetProperty("status").GetInt32());
        _http.Policy = HttpPolicy.Off with { Security = HttpSecurity.Disabled };
        Assert.Contains("outbound HTTP requests are disabled", (await _http.FailGetAsync(server.Url)).Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Get_ResolvedName_GoesToThatAddressUnderItsOwnName()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        using var http = new HttpHarness((name, _) => Task.FromResult<IPAddress[]>(name == "api.example.com" ? [IPAddress.Loopback] : []));
        await http.GetAsync($"http://API.example.com.:{server.Port}/");
        Assert.Equal($"api.example.com:{server.Port}", server.Request.Headers["Host"]);
    }

    [Fact]
    public async Task Get_FirstAddressRefuses_TriesTheNext()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        using var http = new HttpHarness((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]));
        Assert.Equal(200, (await http.GetAsync($"http://api.example.com:{server.Port}/")).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Get_ConnectionMadeUnderALaxerPolicy_IsNotUsedUnderAStricterOne()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        var url = $"http://localhost:{server.Port}/";
        _http.Policy = Policy("localhost", privateAddresses: true);
        await _http.GetAsync(url);
        _http.Policy = Policy("localhost", privateAddresses: false);
        Assert.Equal("DF009", (await _http.FailGetAsync(url)).Error.SqlState);
        _http.Policy = Policy("api.example.com", privateAddresses: true);
        Assert.Equal("DF009", (await _http.FailGetAsync(url)).Error.SqlState);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Get_Redirect_IsAResultAndNotFollowed()
    {
        await using var inner = await TestServer.StartAsync(TestServer.Status(200, "secret"));
        await using var server = await TestServer.StartAsync(TestServer.Status(302, "", ("Location", inner.Url + "/metadata")));
        var envelope = await _http.GetAsync(server.Url);
        Assert.Equal((302, inner.Url + "/metadata"),
            (envelope.GetProperty("status").GetInt32(), envelope.GetProperty("headers").GetProperty("location").GetString()));
        Assert.Empty(inner.Requests);
    }

    [Fact]
    public async Task Get_HostNotListed_IsNotEvenResolved()
    {
        using var http = new HttpHarness((_, _) => throw new InvalidOperationException("resolved"));
        http.Policy = Policy("api.example.com", privateAddresses: false);
        Assert.Equal("DF009", (await http.FailGetAsync("http://exfiltrate.evil.org/", attempts: 3)).Error.SqlState);
        Assert.Empty(http.Time.Pauses);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(0, 100)]
    public async Task Send_RequestLargerThanTheLimit_IsNotSent(int body, int header)
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        var call = HttpHarness.Call(server.Url, "POST", new string('ü', body), ("X-A", new string('a', 2 * header)));
        _http.Policy = _http.Policy with { MaxRequestBytes = 200 };
        var e = await _http.FailAsync(call, attempts: 3);
        Assert.Equal(("54000", "the HTTP request is larger than 200 bytes (pg_durable.http_max_request_bytes)"),
            (e.Error.SqlState, e.Message));
        Assert.Empty(server.Requests);
        _http.Policy = _http.Policy with { MaxRequestBytes = 400 };
        await _http.SendAsync(call);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Send_FormLargerThanTheLimit_IsNotSent()
    {
        _http.Policy = _http.Policy with { MaxRequestBytes = 1000 };
        var part = new HttpPart("a", null, null, Convert.ToBase64String(new byte[600]));
        var e = await _http.FailAsync(new HttpCall(HttpCallKind.Multipart, "POST", "http://127.0.0.1:1/", [], null, [part, part], 1));
        Assert.Equal("54000", e.Error.SqlState);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task Get_Response_MayBeAsLargeAsTheLimit(int size, bool fits)
    {
        _http.Policy = _http.Policy with { MaxResponseBytes = 1000 };
        foreach (var announced in new[] { true, false })
        {
            await using var server = await TestServer.StartAsync(async context =>
            {
                if (announced)
                    context.Response.ContentLength = size;
                await context.Response.Body.WriteAsync(new byte[size]);
            });
            if (fits)
                Assert.Equal(1336, (await _http.GetAsync(server.Url)).GetProperty("body").GetString()!.Length);
            else
                Assert.Equal("54000", (await _http.FailGetAsync(server.Url, attempts: 3)).Error.SqlState);
            Assert.Single(server.Requests);
        }
    }

    [Theory]
    [InlineData(2000, "a")]
    [InlineData(800, "\"")]
    public async Task Get_ResultLargerThanAStepsMayBe_Fails(int length, string text)
    {
        using var http = new HttpHarness(maxResultBytes: 1000);
        await using var server = await TestServer.StartAsync(TestServer.Status(200, new string(text[0], length)));
        var e = await http.FailGetAsync(server.Url, attempts: 3);
        Assert.Equal(("54000", "the step's result is larger than 1000 bytes (pg_durable.max_result_bytes)"), (e.Error.SqlState, e.Message));
    }

    public void Dispose() => _http.Dispose();
}

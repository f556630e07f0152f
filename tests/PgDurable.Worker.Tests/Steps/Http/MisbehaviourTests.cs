using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgDurable.Worker.Tests.Steps.Http;

/// <summary>Servers that break off, lie, or do not end.</summary>
public sealed class MisbehaviourTests : IDisposable
{
    private readonly HttpHarness _http = new();

    private static RawServer Resetting() => new((socket, _) =>
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        return Task.CompletedTask;
    });

    [Fact]
    public async Task Get_Reset_IsTriedAgainAndFails()
    {
        await using var server = Resetting();
        var e = await _http.FailGetAsync(server.Url + "/x?secret", attempts: 3);
        Assert.Equal("DF008", e.Error.SqlState);
        Assert.StartsWith($"HTTP request failed: {server.Url}/x?<redacted> - ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task Get_NobodyListens_IsTriedAgainAndFails()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Dispose();
        var e = await _http.FailGetAsync(url, attempts: 2);
        Assert.Equal($"HTTP connection failed: {url}/ - Connection refused", e.Message);
        Assert.Single(_http.Time.Pauses);
    }

    [Fact]
    public async Task Get_NameThatDoesNotExist_FailsAsAConnection()
    {
        using var http = new HttpHarness((_, _) => throw new SocketException((int)SocketError.HostNotFound));
        var e = await http.FailGetAsync("http://api.example.com/", attempts: 2);
        Assert.StartsWith("HTTP connection failed: http://api.example.com/ - ", e.Message, StringComparison.Ordinal);
        Assert.Single(http.Time.Pauses);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntruncated")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n64\r\ntruncated")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Half: ")]
    [InlineData("220 mail.example.com ESMTP\r\n")]
    [InlineData("")]
    public async Task Get_ResponseThatBreaksOff_IsNoResult(string response)
    {
        await using var server = RawServer.Saying(response);
        var e = await _http.FailGetAsync(server.Url, attempts: 2);
        Assert.Equal("DF008", e.Error.SqlState);
        Assert.StartsWith($"HTTP request failed: {server.Url}/ - ", e.Message, StringComparison.Ordinal);
        Assert.Single(_http.Time.Pauses);
    }

    [Fact]
    public async Task Get_HugeHeader_FailsOnce()
    {
        await using var server = RawServer.Saying($"HTTP/1.1 200 OK\r\nX-Huge: {new string('a', 1_000_000)}\r\n\r\n");
        var e = await _http.FailGetAsync(server.Url, attempts: 3);
        Assert.Equal("DF008", e.Error.SqlState);
        Assert.DoesNotContain("aaaa", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Get_EndlessBody_IsCutOff()
    {
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer(async (socket, ct) =>
        {
            try
            {
                await RawServer.SayAsync(socket, "HTTP/1.1 200 OK\r\n\r\n", ct);
                while (true)
                    await socket.SendAsync(new byte[65536], ct);
            }
            finally
            {
                hungUp.SetResult();
            }
        });
        _http.Policy = _http.Policy with { MaxResponseBytes = 1024 * 1024 };
        var e = await _http.FailGetAsync(server.Url, attempts: 3);
        Assert.Equal(("54000", $"the HTTP response of {server.Url}/ is larger than 1 MiB (pg_durable.http_max_response_bytes)"),
            (e.Error.SqlState, e.Message));
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Get_EndlessErrorBody_StillSaysTheStatus()
    {
        await using var server = new RawServer(async (socket, ct) =>
        {
            await RawServer.SayAsync(socket, "HTTP/1.1 500 Oh\r\nContent-Type: text/plain\r\n\r\n", ct);
            while (true)
                await RawServer.SayAsync(socket, new string('x', 65536), ct);
        });
        Assert.EndsWith("x... [truncated, more than 65536 bytes total]",
            (await _http.FailGetAsync(server.Url)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_EndlessInformationalAnswers_EndWithTheTimeOut()
    {
        await using var server = new RawServer(async (socket, ct) =>
        {
            await RawServer.SayAsync(socket, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", ct);
            _http.Time.Expire();
            while (true)
                await RawServer.SayAsync(socket, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", ct);
        });
        Assert.Equal("DF008", (await _http.FailGetAsync(server.Url)).Error.SqlState);
    }

    [Fact]
    public async Task Get_CertificateThatNobodySigned_FailsOnce()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await using var server = await TestServer.StartAsync(TestServer.Status(200), certificate);
        var e = await _http.FailGetAsync($"https://localhost:{server.Port}/", attempts: 3);
        Assert.StartsWith($"HTTP connection failed: https://localhost:{server.Port}/ - ", e.Message, StringComparison.Ordinal);
        Assert.Contains("certificate", e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(server.Requests);
        Assert.Empty(_http.Time.Pauses);
    }

    public void Dispose() => _http.Dispose();
}

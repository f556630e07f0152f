using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace PgDurable.Worker.Tests.Steps.Http;

public sealed class ResponseTests : IDisposable
{
    private readonly HttpHarness _http = new();

    private static string Body(JsonElement envelope) => envelope.GetProperty("body").GetString()!;

    private static string Encoding(JsonElement envelope) => envelope.GetProperty("encoding").GetString()!;

    [Fact]
    public async Task Get_Envelope_HasTheDocumentedMembers()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(201, """{"id": 7}""",
            ("Content-Type", "application/json"), ("X-Twice", "1"), ("X-Twice", "2")));
        var envelope = await _http.GetAsync(server.Url);
        Assert.Equal(["status", "body", "encoding", "headers", "ok", "duration_ms"],
            envelope.EnumerateObject().Select(member => member.Name));
        Assert.Equal(201, envelope.GetProperty("status").GetInt32());
        Assert.Equal(("""{"id": 7}""", "text"), (Body(envelope), Encoding(envelope)));
        Assert.True(envelope.GetProperty("ok").GetBoolean());
        Assert.True(envelope.GetProperty("duration_ms").GetInt64() >= 0);
        var headers = envelope.GetProperty("headers");
        Assert.Equal(("application/json", "2"),
            (headers.GetProperty("content-type").GetString(), headers.GetProperty("x-twice").GetString()));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(404)]
    public async Task Get_AnyAnswerBelow500_CompletesTheStep(int status)
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(status, "", ("Location", "http://127.0.0.1:1/")));
        var envelope = await _http.GetAsync(server.Url, attempts: 3);
        Assert.Equal((status, status == 204), (envelope.GetProperty("status").GetInt32(), envelope.GetProperty("ok").GetBoolean()));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("text/plain", "utf-8")]
    [InlineData("text/html; charset=\"UTF-8\"", "utf-8")]
    [InlineData("text/plain; charset=iso-8859-1", "iso-8859-1")]
    [InlineData("application/problem+json; v=1; Charset=utf-16le", "utf-16le")]
    [InlineData("application/xml;charset=latin1", "iso-8859-1")]
    [InlineData("text/plain; charset=no-such-charset", "utf-8")]
    [InlineData("text/plain; charset=utf-7", "utf-8")]
    public async Task Get_TextualType_IsDecodedByItsCharset(string type, string encoding)
    {
        await using var server = await TestServer.StartAsync(
            TestServer.Bytes(System.Text.Encoding.GetEncoding(encoding).GetBytes("Größe ½"), type));
        var envelope = await _http.GetAsync(server.Url);
        Assert.Equal(("Größe ½", "text"), (Body(envelope), Encoding(envelope)));
    }

    [Fact]
    public async Task Get_OtherCharsets_AreKnown()
    {
        await using var server = await TestServer.StartAsync(
            TestServer.Bytes([0x83, 0x65, 0x83, 0x58, 0x83, 0x67], "text/plain; charset=Shift_JIS"));
        Assert.Equal("テスト", Body(await _http.GetAsync(server.Url)));
    }

    [Fact]
    public async Task Get_WrongCharset_HasReplacementCharacters()
    {
        await using var server = await TestServer.StartAsync(TestServer.Bytes([0x47, 0xF6, 0x21], "text/plain; charset=utf-8"));
        var envelope = await _http.GetAsync(server.Url);
        Assert.Equal(("G\uFFFD!", "text"), (Body(envelope), Encoding(envelope)));
    }

    [Theory]
    [InlineData("text/plain; charset=latin1", new byte[] { 0xEF, 0xBB, 0xBF, 0xC3, 0xA4 })]
    [InlineData("text/plain", new byte[] { 0xFF, 0xFE, 0xE4, 0x00 })]
    [InlineData("text/plain", new byte[] { 0xFE, 0xFF, 0x00, 0xE4 })]
    [InlineData(null, new byte[] { 0xEF, 0xBB, 0xBF, 0xC3, 0xA4 })]
    public async Task Get_ByteOrderMark_WinsAndIsTakenOff(string? type, byte[] body)
    {
        await using var server = await TestServer.StartAsync(TestServer.Bytes(body, type));
        Assert.Equal("ä", Body(await _http.GetAsync(server.Url)));
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task Get_NoTextualType_TheBytesDecide(string? type)
    {
        var binary = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        foreach (var (bytes, encoding, body) in new[]
                 {
                     ("Größe"u8.ToArray(), "text", "Größe"),
                     (binary, "base64", Convert.ToBase64String(binary)),
                     ([0x61, 0x00, 0x62], "base64", "YQBi"),
                     ([], "text", ""),
                 })
        {
            await using var server = await TestServer.StartAsync(TestServer.Bytes(bytes, type));
            var envelope = await _http.GetAsync(server.Url);
            Assert.Equal((encoding, body), (Encoding(envelope), Body(envelope)));
        }
    }

    [Fact]
    public async Task Get_TextWithNul_IsBase64BecausePostgresCantHoldIt()
    {
        await using var server = await TestServer.StartAsync(TestServer.Bytes([0x61, 0x00, 0x62], "text/plain"));
        var envelope = await _http.GetAsync(server.Url);
        Assert.Equal(("YQBi", "base64"), (Body(envelope), Encoding(envelope)));
    }

    [Fact]
    public async Task Get_CompressedBody_IsHandedOverAsItCame()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(new byte[100_000]);
        await using var server = await TestServer.StartAsync(
            TestServer.Bytes(packed.ToArray(), "application/json", ("Content-Encoding", "gzip")));
        var envelope = await _http.GetAsync(server.Url);
        Assert.DoesNotContain("Accept-Encoding", server.Request.Headers.Keys);
        Assert.Equal(("base64", Convert.ToBase64String(packed.ToArray())), (Encoding(envelope), Body(envelope)));
        Assert.Equal("gzip", envelope.GetProperty("headers").GetProperty("content-encoding").GetString());
    }

    [Fact]
    public async Task Get_OddHeaderValues_AreLeftOut()
    {
        await using var server = RawServer.Saying(
            "HTTP/1.1 200 OK\r\nX-Good: yes\r\nX-Odd: \xE9t\xE9\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n");
        var headers = (await _http.GetAsync(server.Url)).GetProperty("headers");
        Assert.Equal(["content-length", "set-cookie", "x-good"],
            headers.EnumerateObject().Select(header => header.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Get_Cookies_AreNotKept()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(200, "", ("Set-Cookie", "session=1; Path=/")));
        await _http.GetAsync(server.Url);
        await _http.GetAsync(server.Url);
        Assert.All(server.Requests, request => Assert.DoesNotContain("Cookie", request.Headers.Keys));
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("a*600", "a*512... [truncated, 600 bytes total]")]
    [InlineData("ä*300", "ä*256... [truncated, 600 bytes total]")]
    [InlineData("€*300", "€*170... [truncated, 900 bytes total]")]
    [InlineData("a*100000", "a*512... [truncated, more than 65536 bytes total]")]
    public async Task Get_ServerError_ShowsTheBeginningOfTheBody(string body, string preview)
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(503, Repeat(body), ("Content-Type", "text/plain")));
        var e = await _http.FailGetAsync(server.Url + "/x?key=secret");
        Assert.Equal("DF008", e.Error.SqlState);
        Assert.Equal($"HTTP GET {server.Url}/x?key=<redacted> returned 503: {Repeat(preview)}", e.Message);
    }

    [Fact]
    public async Task Get_BinaryServerError_ShowsBase64()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(500), context => Task.CompletedTask);
        await using var binary = await TestServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 500;
            await context.Response.Body.WriteAsync(new byte[600]);
        });
        Assert.EndsWith(" returned 500: ", (await _http.FailGetAsync(server.Url)).Message, StringComparison.Ordinal);
        Assert.EndsWith(" returned 500: " + new string('A', 512) + "... [truncated, 800 base64 characters total]",
            (await _http.FailGetAsync(binary.Url)).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _http.Dispose();

    private static string Repeat(string pattern) =>
        pattern.Length > 1 && pattern[1] == '*' ? RepeatOf(pattern[0], pattern[2..]) : pattern;

    private static string RepeatOf(char c, string rest)
    {
        var digits = rest.TakeWhile(char.IsDigit).Count();
        return new StringBuilder().Insert(0, c.ToString(), int.Parse(rest[..digits],
            System.Globalization.CultureInfo.InvariantCulture)) + rest[digits..];
    }
}

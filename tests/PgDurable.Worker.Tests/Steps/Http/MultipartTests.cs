using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Tests.Steps.Http;

public sealed class MultipartTests : IDisposable
{
    private readonly HttpHarness _http = new();

    private static HttpCall Form(string url, params HttpPart[] parts) =>
        new(HttpCallKind.Multipart, "POST", url, [("Content-Type", "text/plain"), ("X-A", "1")], null, parts, ScriptedTime.Long);

    [Fact]
    public async Task Send_Parts_AreReadBackByAServer()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        await using var server = await TestServer.StartAsync(TestServer.Status(200));
        await _http.SendAsync(Form(server.Url,
            new HttpPart("note", null, null, Convert.ToBase64String("Grüße"u8)),
            new HttpPart("the \"file\"", "größe \"1\".bin", "application/octet-stream",
                Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks)),
            new HttpPart("empty", "empty.txt", "text/plain; charset=utf-8", "")));

        var request = server.Request;
        Assert.Equal("1", request.Headers["X-A"]);
        var type = MediaTypeHeaderValue.Parse(request.Headers["Content-Type"]);
        Assert.Equal("multipart/form-data", type.MediaType.ToString());
        var reader = new MultipartReader(type.Boundary.ToString(), new MemoryStream(request.Body));

        var note = await PartAsync(reader);
        Assert.Equal(("note", null, null, "Grüße"), (note.Name, note.FileName, note.Type, Encoding.UTF8.GetString(note.Data)));
        var file = await PartAsync(reader);
        Assert.Equal(("the %22file%22", "größe %221%22.bin", "application/octet-stream"), (file.Name, file.FileName, file.Type));
        Assert.Equal(bytes, file.Data);
        var empty = await PartAsync(reader);
        Assert.Equal(("empty", "empty.txt", "text/plain; charset=utf-8", 0), (empty.Name, empty.FileName, empty.Type, empty.Data.Length));
        Assert.Null(await reader.ReadNextSectionAsync());
    }

    [Theory]
    [InlineData("a\r\nX: 1", null, null, "", "control character")]
    [InlineData("a", "f\n", null, "", "the filename of part 'a'")]
    [InlineData("a", null, "text/plain\r\nX: 1", "", "Invalid content_type for part 'a'")]
    [InlineData("a", null, "nonsense", "", "Invalid content_type for part 'a'")]
    [InlineData("a", null, null, "secret!", "Invalid base64 in part 'a'")]
    public async Task Send_PartThatCantBeWritten_IsRefused(string name, string? file, string? type, string data, string message)
    {
        var e = await _http.FailAsync(Form("http://api.example.com", new HttpPart(name, file, type, data)));
        Assert.Equal("22023", e.Error.SqlState);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NoParts_IsRefused() =>
        Assert.Equal("parts must contain at least one part", (await _http.FailAsync(Form("http://api.example.com"))).Message);

    [Fact]
    public async Task Send_ServerError_NamesTheNode()
    {
        await using var server = await TestServer.StartAsync(TestServer.Status(500, "no"));
        var e = await _http.FailAsync(Form(server.Url, new HttpPart("a", null, null, "")));
        Assert.Equal($"HTTP_MULTIPART POST {server.Url}/ returned 500: no", e.Message);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<(string Name, string? FileName, string? Type, byte[] Data)> PartAsync(MultipartReader reader)
    {
        var section = await reader.ReadNextSectionAsync();
        var disposition = ContentDispositionHeaderValue.Parse(section!.ContentDisposition);
        Assert.Equal("form-data", disposition.DispositionType.ToString());
        var data = new MemoryStream();
        await section.Body.CopyToAsync(data);
        var file = disposition.FileName.HasValue ? HeaderUtilities.RemoveQuotes(disposition.FileName).ToString() : null;
        return (HeaderUtilities.RemoveQuotes(disposition.Name).ToString(), file, section.ContentType, data.ToArray());
    }
}

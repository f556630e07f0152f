using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace PgDurable.Worker.Tests.Fixtures;

/// <summary>What reached a server.</summary>
internal sealed record ReceivedRequest(string Method, string Url, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public static async Task<ReceivedRequest> ReadAsync(HttpRequest request)
    {
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase);
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return new ReceivedRequest(request.Method, request.GetEncodedPathAndQuery(), headers, body.ToArray());
    }
}

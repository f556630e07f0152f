using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A response, read to its end or to the limit.</summary>
internal sealed class HttpExchange
{
    private const int BufferSize = 16 * 1024;
    private const int PreviewLength = 512;

    private readonly byte[] _bytes;
    private readonly Lazy<BodyText> _body;

    private HttpExchange(HttpResponseMessage response, ReadOnlySpan<byte> body, bool truncated)
    {
        Status = response.StatusCode;
        Headers = HeadersOf(response);
        RetryAfter = response.Headers.RetryAfter;
        IsTruncated = truncated;
        Size = body.Length;
        _bytes = body.ToArray();
        var encoded = Headers.TryGetValue("content-encoding", out var encoding)
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);
        _body = new Lazy<BodyText>(() => BodyText.Decode(_bytes, Headers.GetValueOrDefault("content-type"), encoded));
    }

    /// <summary>The body as received.</summary>
    public byte[] Bytes => _bytes;

    public HttpStatusCode Status { get; }

    /// <summary>The headers: names in lower case, the last of several values, and only values in printable ASCII.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public RetryConditionHeaderValue? RetryAfter { get; }

    public BodyText Body => _body.Value;

    /// <summary>Whether the body is longer. The rest was not read.</summary>
    public bool IsTruncated { get; }

    private long Size { get; }

    /// <summary>Reads a response as it comes in, so that an endless one costs no more than the limit.</summary>
    public static async Task<HttpExchange> ReadAsync(HttpResponseMessage response, long maxBytes, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[BufferSize];
        var truncated = false;
        while (!truncated && await stream.ReadAsync(buffer, ct) is > 0 and var read)
        {
            var room = maxBytes - body.Length;
            truncated = read > room;
            body.Write(buffer, 0, truncated ? (int)room : read);
        }
        return new HttpExchange(response, body.GetBuffer().AsSpan(0, (int)body.Length), truncated);
    }

    /// <summary>The beginning of the body, for an error.</summary>
    public string Preview()
    {
        var more = IsTruncated ? "more than " : "";
        if (!Body.IsText)
        {
            var base64 = Body.Text;
            if (base64.Length <= PreviewLength)
                return base64;
            return $"{base64[..PreviewLength]}... [truncated, {more}{base64.Length} base64 characters total]";
        }
        var bytes = Encoding.UTF8.GetBytes(Body.Text);
        if (bytes.Length <= PreviewLength)
            return Body.Text;
        var end = PreviewLength;
        while ((bytes[end] & 0xC0) == 0x80)
            end--; // don't cut a character in two
        return $"{Encoding.UTF8.GetString(bytes, 0, end)}... [truncated, {more}{Size} bytes total]";
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>();
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            foreach (var value in values)
                if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                    headers[name.ToLowerInvariant()] = value;
        }
        return headers;
    }
}

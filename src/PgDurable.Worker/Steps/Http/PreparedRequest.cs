using System.Text;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>A request in the form in which it is sent, the same for every attempt.</summary>
internal sealed class PreparedRequest
{
    private readonly IReadOnlyList<(string Name, string Value)> _headers;
    private readonly byte[]? _body;

    private PreparedRequest(
        string node, HttpMethod method, HttpTarget target, IReadOnlyList<(string Name, string Value)> headers, byte[]? body)
    {
        Node = node;
        Method = method;
        Target = target;
        _headers = headers;
        _body = body;
    }

    /// <summary>Whether the request may go to a private or special address.</summary>
    public required bool MayBePrivate { get; init; }

    /// <summary>The maximum size of the response's body.</summary>
    public required long MaxResponseBytes { get; init; }

    /// <summary>The type of the node that it comes from.</summary>
    public string Node { get; }

    public HttpMethod Method { get; }

    public HttpTarget Target { get; }

    /// <param name="call">What to send.</param>
    /// <param name="url">The URL of the call or of its endpoint.</param>
    /// <param name="mayBePrivate">See <see cref="MayBePrivate"/>.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="bound">What user mappings add.</param>
    /// <param name="idempotencyKey">Identifies the request to the server.</param>
    /// <exception cref="HttpStepException">The request is too large or invalid. Nothing was resolved or sent.</exception>
    public static PreparedRequest Create(
        HttpCall call, string url, bool mayBePrivate, HttpPolicy policy, RequestSecrets bound, string idempotencyKey)
    {
        var target = HttpTarget.Parse(WithQuery(url.Trim(), bound.Query));
        var method = MethodOf(call);
        var form = call.Kind == HttpCallKind.Multipart ? MultipartForm.Create(call.Parts, policy.MaxRequestBytes, idempotencyKey) : null;
        var body = form?.Body ?? bound.Form ?? (call.Body is { } text ? Encoding.UTF8.GetBytes(text) : null);
        if (body?.LongLength > call.Options.MaxRequestBytes)
            throw HttpErrors.OverOwnLimit("request", "max_request_bytes", call.Options.MaxRequestBytes.Value);
        var headers = RequestHeaders.Create(call, target, form?.ContentType, idempotencyKey, bound.Headers);
        var size = target.Uri.AbsoluteUri.Length + (body?.LongLength ?? 0);
        foreach (var (name, value) in headers)
            size += name.Length + value.Length + 4;
        if (size > policy.MaxRequestBytes)
            throw HttpErrors.RequestTooLarge(policy.MaxRequestBytes);
        return new PreparedRequest(NodeOf(call.Kind), method, target, headers, body)
        {
            MayBePrivate = mayBePrivate,
            MaxResponseBytes = Math.Min(policy.MaxResponseBytes, call.Options.MaxResponseBytes ?? long.MaxValue),
        };
    }

    private static string WithQuery(string url, string query)
    {
        if (query.Length == 0)
            return url;
        url = url.Split('#')[0];
        return url + (!url.Contains('?', StringComparison.Ordinal) ? "?" : url[^1] is '?' or '&' ? "" : "&") + query;
    }

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Target.Uri) { Content = _body is null ? null : new ByteArrayContent(_body) };
        foreach (var (name, value) in _headers)
        {
            if (message.Headers.TryAddWithoutValidation(name, value))
                continue;
            // In the client library, headers that describe the body, such as Content-Type, belong to the body.
            (message.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    private static HttpMethod MethodOf(HttpCall call)
    {
        var multipart = call.Kind == HttpCallKind.Multipart;
        return call.Method.ToUpperInvariant() switch
        {
            "POST" => HttpMethod.Post,
            "PUT" => HttpMethod.Put,
            "PATCH" => HttpMethod.Patch,
            "GET" when !multipart => HttpMethod.Get,
            "DELETE" when !multipart => HttpMethod.Delete,
            _ => throw HttpErrors.Invalid(multipart
                ? $"Invalid HTTP method for multipart: {HttpErrors.Printable(call.Method)}. Must be POST, PUT, or PATCH"
                : $"Invalid HTTP method: {HttpErrors.Printable(call.Method)}. Must be GET, POST, PUT, DELETE, or PATCH"),
        };
    }

    private static string NodeOf(HttpCallKind kind) => kind switch
    {
        HttpCallKind.Plain => "HTTP",
        HttpCallKind.Multipart => "HTTP_MULTIPART",
        HttpCallKind.Json => "HTTP_JSON",
    };
}

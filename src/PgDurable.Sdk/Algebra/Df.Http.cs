using System.Text.Json;
using System.Text.Json.Nodes;
using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>
    /// An HTTP request. The URL, the body and header values may refer to results and variables. The result has status, body, headers and
    /// ok.
    /// </summary>
    /// <param name="url">
    /// An <c>http</c> or <c>https</c> URL. If it contains a <c>{variable}</c> or begins with a <c>$reference</c>, it is checked when the
    /// request is made.
    /// </param>
    /// <param name="method">GET, POST, PUT, DELETE or PATCH, in any case.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="headers">The headers, or null for none.</param>
    /// <param name="timeoutSeconds">The time limit of an attempt in seconds, at least 1.</param>
    /// <returns>The step.</returns>
    /// <remarks>The role that starts the graph needs the right to make requests: <c>df.grant_usage(…, include_http => true)</c>.</remarks>
    /// <exception cref="ArgumentException">The URL, method or time-out is not allowed.</exception>
    public static DfNode Http(
        string url, string method = Defaults.HttpMethod, string? body = null, IReadOnlyDictionary<string, string>? headers = null,
        int timeoutSeconds = Defaults.HttpTimeoutSeconds) =>
        Request(NodeKind.Http, null, url, method, body, headers, timeoutSeconds);

    /// <summary>
    /// An HTTP request with a JSON body. A string in the body that is exactly one reference, such as <c>"$total"</c>, becomes the typed
    /// value. In other strings, references are replaced as text.
    /// </summary>
    /// <param name="url">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="method">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="headers">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="timeoutSeconds">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The URL, method or time-out is not allowed.</exception>
    public static DfNode HttpJson(
        string url, string method = Defaults.HttpMethod, JsonNode? body = null, IReadOnlyDictionary<string, string>? headers = null,
        int timeoutSeconds = Defaults.HttpTimeoutSeconds) =>
        Request(NodeKind.HttpJson, null, url, method, JsonArgument.Text(body), headers, timeoutSeconds);

    /// <summary>An HTTP request with a <c>multipart/form-data</c> body.</summary>
    /// <param name="url">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="parts">The parts, at least one.</param>
    /// <param name="method">POST, PUT or PATCH, in any case.</param>
    /// <param name="headers">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="timeoutSeconds">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The URL, method or time-out is not allowed, or there are no parts.</exception>
    public static DfNode HttpMultipart(
        string url, IReadOnlyCollection<DfPart> parts, string method = Defaults.HttpMethod,
        IReadOnlyDictionary<string, string>? headers = null, int timeoutSeconds = Defaults.HttpTimeoutSeconds)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Request(NodeKind.HttpMultipart, null, url, method, JsonArgument.Parts(parts), headers, timeoutSeconds);
    }

    /// <summary>An HTTP request to an endpoint. The worker adds the credential of the submitting role's user mapping.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="method">GET, POST, PUT, DELETE or PATCH, in any case.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="headers">The headers, or null for none.</param>
    /// <param name="timeoutSeconds">The time limit of an attempt in seconds, at least 1.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The endpoint, method or time-out is not allowed.</exception>
    public static DfNode Http(
        DfEndpoint endpoint, string method = Defaults.HttpMethod, string? body = null, IReadOnlyDictionary<string, string>? headers = null,
        int timeoutSeconds = Defaults.HttpTimeoutSeconds) =>
        Request(NodeKind.Http, endpoint, Path(endpoint), method, body, headers, timeoutSeconds);

    /// <summary>An HTTP request with a JSON body to an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="method">GET, POST, PUT, DELETE or PATCH, in any case.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="headers">The headers, or null for none.</param>
    /// <param name="timeoutSeconds">The time limit of an attempt in seconds, at least 1.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The endpoint, method or time-out is not allowed.</exception>
    public static DfNode HttpJson(
        DfEndpoint endpoint, string method = Defaults.HttpMethod, JsonNode? body = null,
        IReadOnlyDictionary<string, string>? headers = null, int timeoutSeconds = Defaults.HttpTimeoutSeconds) =>
        Request(NodeKind.HttpJson, endpoint, Path(endpoint), method, JsonArgument.Text(body), headers, timeoutSeconds);

    /// <summary>An HTTP request with a <c>multipart/form-data</c> body to an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="parts">The parts, at least one.</param>
    /// <param name="method">POST, PUT or PATCH, in any case.</param>
    /// <param name="headers">The headers, or null for none.</param>
    /// <param name="timeoutSeconds">The time limit of an attempt in seconds, at least 1.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The endpoint, method or time-out is not allowed, or there are no parts.</exception>
    public static DfNode HttpMultipart(
        DfEndpoint endpoint, IReadOnlyCollection<DfPart> parts, string method = Defaults.HttpMethod,
        IReadOnlyDictionary<string, string>? headers = null, int timeoutSeconds = Defaults.HttpTimeoutSeconds)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Request(NodeKind.HttpMultipart, endpoint, Path(endpoint), method, JsonArgument.Parts(parts), headers, timeoutSeconds);
    }

    /// <summary>Adds options to an HTTP request: limits, what to keep of the response, secrets.</summary>
    /// <param name="node">A single request.</param>
    /// <param name="options">The options. One that has its default leaves the request as it is.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentException">The node isn't a request, or the options aren't allowed for it.</exception>
    public static DfNode WithHttpOptions(DfNode node, HttpOptions options)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        var envelope = JsonNode.Parse(node.ToJson())!.AsObject();
        NodeKind? kind = (string?)envelope["node_type"] switch
        {
            "HTTP" => NodeKind.Http,
            "HTTP_MULTIPART" => NodeKind.HttpMultipart,
            "HTTP_JSON" => NodeKind.HttpJson,
            _ => null,
        };
        if (kind is not { } request || (string?)envelope["query"] is not { } query)
            throw new ArgumentException("df.with_http_options(): expected a single HTTP or HTTP_MULTIPART node");
        if (HttpOptionsJson.Write(options) is not { } json)
            return node;

        using var had = JsonDocument.Parse(query, JsonArgument.Deep);
        using var given = JsonDocument.Parse(json);
        var config = new ConfigText();
        foreach (var member in had.RootElement.EnumerateObject())
            if (!given.RootElement.TryGetProperty(member.Name, out _))
                config.AddJson(member.Name, JsonArgument.Compact(member.Value.GetRawText()));
        foreach (var member in given.RootElement.EnumerateObject())
            config.AddJson(member.Name, JsonArgument.Compact(member.Value.GetRawText()));
        var call = new Composed<DfNode>(request, "df.with_http_options", new("fut", node.Unnamed), new("options", json))
        {
            Query = config.ToString(),
        };
        try
        {
            var result = Composition.Node(call);
            return (string?)envelope["result_name"] is { } name ? result.As(name) : result;
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"df.with_http_options(): {e.Message}", e);
        }
    }

    private static string Path(DfEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (HttpOptionsReader.EndpointProblem(endpoint.Server, endpoint.Path) is { } problem)
            throw new ArgumentException(problem);
        return endpoint.Path;
    }

    private static DfNode Request(
        NodeKind kind, DfEndpoint? endpoint, string url, string method, string? body, IReadOnlyDictionary<string, string>? headers,
        int timeoutSeconds)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(method);
        if (endpoint is null)
            CheckScheme(url);
        var verb = method.ToUpperInvariant();
        var settings = new HttpSettings
        {
            Url = url,
            Endpoint = endpoint?.Server,
            Method = verb is "GET" or "POST" or "PUT" or "DELETE" or "PATCH" ? verb : method,
            Body = body,
            Headers = JsonArgument.Headers(headers),
            TimeoutSeconds = timeoutSeconds,
        };
        return Composition.Node(Composer<DfNode>.Http(kind, settings));
    }

    private static void CheckScheme(string url)
    {
        // A URL with a variable in it, or a reference at its beginning, isn't known yet.
        var end = url.IndexOf("://", StringComparison.Ordinal);
        var scheme = (end < 0 ? url : url[..end]).ToLowerInvariant();
        if (!url.Contains('{', StringComparison.Ordinal) && url is not ['$', (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or '_', ..]
            && scheme is not ("http" or "https"))
            throw new ArgumentException("Blocked: unsupported URL scheme. Only http and https is allowed.");
    }
}

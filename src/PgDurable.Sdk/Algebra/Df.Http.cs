using System.Text.Json;
using System.Text.Json.Nodes;
using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>
    /// An HTTP request. URL, body and header values may refer to results and variables; the result has status, body, headers and ok.
    /// </summary>
    /// <param name="url">
    /// An <c>http</c> or <c>https</c> URL; one with a <c>{variable}</c> in it, or that begins with a <c>$reference</c>, is checked when the request is made.
    /// </param>
    /// <param name="method">GET, POST, PUT, DELETE or PATCH, in any case.</param>
    /// <param name="body">The body; null is none.</param>
    /// <param name="headers">The headers; null is none.</param>
    /// <param name="timeoutSeconds">Seconds for one attempt, at least 1.</param>
    /// <returns>The step.</returns>
    /// <remarks>The role that starts the graph needs the right to make requests: <c>df.grant_usage(…, include_http => true)</c>.</remarks>
    /// <exception cref="ArgumentException">URL, method or time-out are not allowed.</exception>
    public static DfNode Http(
        string url, string method = "POST", string? body = null, IReadOnlyDictionary<string, string>? headers = null,
        int timeoutSeconds = 30) =>
        Request(NodeKind.Http, "df.http", url, method, "body", body, isJson: false, headers, timeoutSeconds);

    /// <summary>
    /// An HTTP request with a JSON body. A string in the body that is exactly one reference, such as <c>"$total"</c>, becomes the typed
    /// value; in others references are replaced as text.
    /// </summary>
    /// <param name="url">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="method">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="body">The body; null is none.</param>
    /// <param name="headers">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="timeoutSeconds">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">URL, method or time-out are not allowed.</exception>
    public static DfNode HttpJson(
        string url, string method = "POST", JsonNode? body = null, IReadOnlyDictionary<string, string>? headers = null,
        int timeoutSeconds = 30) =>
        Request(NodeKind.HttpJson, "df.http_json", url, method, "body", JsonArgument.Text(body), isJson: true, headers, timeoutSeconds);

    /// <summary>An HTTP request with a <c>multipart/form-data</c> body.</summary>
    /// <param name="url">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="parts">The parts, at least one.</param>
    /// <param name="method">POST, PUT or PATCH, in any case.</param>
    /// <param name="headers">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <param name="timeoutSeconds">As in <see cref="Http(string, string, string?, IReadOnlyDictionary{string, string}?, int)"/>.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">URL, method or time-out are not allowed, or there is no part.</exception>
    public static DfNode HttpMultipart(
        string url, IReadOnlyCollection<DfPart> parts, string method = "POST", IReadOnlyDictionary<string, string>? headers = null,
        int timeoutSeconds = 30)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var json = JsonArgument.Parts(parts);
        return Request(NodeKind.HttpMultipart, "df.http_multipart", url, method, "parts", json, isJson: true, headers, timeoutSeconds);
    }

    /// <summary>An HTTP request to an endpoint. The worker adds the credential of the submitting role's user mapping.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="method">GET, POST, PUT, DELETE or PATCH, in any case.</param>
    /// <param name="body">The body; null is none.</param>
    /// <param name="headers">The headers; null is none.</param>
    /// <param name="timeoutSeconds">Seconds for one attempt, at least 1.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">Endpoint, method or time-out are not allowed.</exception>
    public static DfNode Http(
        DfEndpoint endpoint, string method = "POST", string? body = null, IReadOnlyDictionary<string, string>? headers = null, int timeoutSeconds = 30) =>
        Request(NodeKind.Http, "df.http", Path(endpoint), method, "body", body, isJson: false, headers, timeoutSeconds, endpoint.Server);

    /// <summary>An HTTP request with a JSON body to an endpoint.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="method">GET, POST, PUT, DELETE or PATCH, in any case.</param>
    /// <param name="body">The body; null is none.</param>
    /// <param name="headers">The headers; null is none.</param>
    /// <param name="timeoutSeconds">Seconds for one attempt, at least 1.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">Endpoint, method or time-out are not allowed.</exception>
    public static DfNode HttpJson(
        DfEndpoint endpoint, string method = "POST", JsonNode? body = null, IReadOnlyDictionary<string, string>? headers = null, int timeoutSeconds = 30) =>
        Request(NodeKind.HttpJson, "df.http_json", Path(endpoint), method, "body", JsonArgument.Text(body), isJson: true, headers, timeoutSeconds, endpoint.Server);

    /// <summary>An HTTP request with a <c>multipart/form-data</c> body to an endpoint.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="parts">The parts, at least one.</param>
    /// <param name="method">POST, PUT or PATCH, in any case.</param>
    /// <param name="headers">The headers; null is none.</param>
    /// <param name="timeoutSeconds">Seconds for one attempt, at least 1.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">Endpoint, method or time-out are not allowed, or there is no part.</exception>
    public static DfNode HttpMultipart(
        DfEndpoint endpoint, IReadOnlyCollection<DfPart> parts, string method = "POST", IReadOnlyDictionary<string, string>? headers = null, int timeoutSeconds = 30)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var json = JsonArgument.Parts(parts);
        return Request(NodeKind.HttpMultipart, "df.http_multipart", Path(endpoint), method, "parts", json, isJson: true, headers, timeoutSeconds, endpoint.Server);
    }

    /// <summary>Adds limits, what is kept of the response, and secrets to an HTTP request.</summary>
    /// <param name="node">A single request.</param>
    /// <param name="options">What to add; what has its default is not written, and leaves what the request has already.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentException">The node is no request, or the options are not what a request can have.</exception>
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
        var sql = new SqlCall("df.with_http_options").Add("fut", node.Unnamed).Add("options", json).Expression;
        try
        {
            var result = Composition.Node(request, sql, config: config.ToString());
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
        NodeKind kind, string function, string url, string method, string payloadName, string? payload, bool isJson,
        IReadOnlyDictionary<string, string>? headers, int timeoutSeconds, string? endpoint = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(method);
        if (endpoint is null)
            CheckScheme(url);
        var headersJson = JsonArgument.Headers(headers);
        var verb = method.ToUpperInvariant() is "GET" or "POST" or "PUT" or "DELETE" or "PATCH" ? method.ToUpperInvariant() : method;
        var config = new ConfigText().Add("url", url);
        if (endpoint is not null)
            config.Add("endpoint", endpoint);
        config.Add("method", verb);
        if (isJson)
            config.AddJson(payloadName, payload);
        else
            config.Add(payloadName, payload);
        config.AddJson("headers", headersJson).Add("timeout_seconds", timeoutSeconds);
        var sql = (endpoint is null ? new SqlCall(function).Add("url", url) : new SqlCall(function).AddEndpoint("url", endpoint, url)).AddUnless("POST", "method", verb).Add(payloadName, payload)
            .Add("headers", headersJson).AddUnless(30, "timeout_seconds", timeoutSeconds);
        return Composition.Node(kind, sql.Expression, config: config.ToString());
    }

    private static void CheckScheme(string url)
    {
        // With a variable in it, or a reference at its beginning, the URL isn't known yet.
        var end = url.IndexOf("://", StringComparison.Ordinal);
        var scheme = (end < 0 ? url : url[..end]).ToLowerInvariant();
        if (!url.Contains('{', StringComparison.Ordinal) && url is not ['$', (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or '_', ..] && scheme is not ("http" or "https"))
            throw new ArgumentException("Blocked: unsupported URL scheme. Only http and https is allowed.");
    }
}

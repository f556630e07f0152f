using System.Collections.Immutable;
using System.Text;
using static System.FormattableString;

namespace PgDurable.Graph;

/// <summary>The settings of requests.</summary>
internal abstract partial record NodeConfig
{
    // Doesn't check the URL's scheme: a reference in it has a value only when the request is made. Then the worker checks it.
    private static Http ReadHttp(NodeKind kind, ConfigObject config, bool isToStart)
    {
        var url = config.Text("url") is { Length: > 0 } given ? given : throw new FormatException("url is required and cannot be empty");
        var method = config.IsGiven("method") ? config.Shown("method") : Defaults.HttpMethod;
        if (kind == NodeKind.HttpMultipart && method is not ("POST" or "PUT" or "PATCH"))
            throw new FormatException($"Invalid HTTP method for multipart: {method}. Must be POST, PUT, or PATCH");
        if (method is not ("GET" or "POST" or "PUT" or "DELETE" or "PATCH"))
            throw new FormatException($"Invalid HTTP method: {method}. Must be GET, POST, PUT, DELETE, or PATCH");
        var timeout = config.Has("timeout_seconds") ? config.TimeoutSeconds() : Defaults.HttpTimeoutSeconds;
        var parts = kind == NodeKind.HttpMultipart ? config.Parts() : [];
        var body = kind switch
        {
            NodeKind.Http => config.OptionalText("body", "body must be a text"),
            NodeKind.HttpJson => config.Json("body"),
            _ => null,
        };
        var headers = config.Headers();
        var endpoint = config.OptionalText("endpoint", "endpoint must be the name of a server");
        if (endpoint is not null && HttpOptionsReader.EndpointProblem(endpoint, url) is { } problem)
            throw new FormatException(problem);
        var options = HttpOptionsReader.Read(kind, config, method, headers, body);
        if (isToStart && options.MaxRequestBytes is { } most)
            CheckSize(kind, body, parts, most);
        return new Http(url, method, body, headers, parts, timeout) { Endpoint = endpoint, Options = options };
    }

    // Only what contains no references has a known size.
    private static void CheckSize(NodeKind kind, string? body, ImmutableArray<Part> parts, long most)
    {
        bool IsLiteral(string text) => !text.Contains('$', StringComparison.Ordinal) && !text.Contains('{', StringComparison.Ordinal);
        long least = kind switch
        {
            NodeKind.Http when body is not null && IsLiteral(body) => Encoding.UTF8.GetByteCount(body),
            // The separators between the parts have a size too.
            NodeKind.HttpMultipart => 1 + parts
                .Where(part => IsLiteral(part.DataBase64))
                .Sum(part => part.DataBase64.Count(c => !char.IsWhiteSpace(c) && c != '=') * 3L / 4),
            _ => 0,
        };
        if (least > most)
            throw new FormatException(Invariant($"the request's body is larger than max_request_bytes ({most})"));
    }
}

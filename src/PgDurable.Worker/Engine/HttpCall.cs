using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>An HTTP request that the engine wants sent: references replaced, nothing checked yet.</summary>
/// <param name="Kind">Which node it comes from.</param>
/// <param name="Method">As written in the graph.</param>
/// <param name="Url">Absolute; http or https. With an endpoint, a path below its base URL.</param>
/// <param name="Headers">In the order in which they are written.</param>
/// <param name="Body">The body's text; null without one, and for multipart.</param>
/// <param name="Parts">Of a multipart request; otherwise empty.</param>
/// <param name="TimeoutSeconds">For one exchange, from resolving the name to the last byte of the response.</param>
internal sealed record HttpCall(
    HttpCallKind Kind,
    string Method,
    string Url,
    IReadOnlyList<(string Name, string Value)> Headers,
    string? Body,
    IReadOnlyList<HttpPart> Parts,
    int TimeoutSeconds)
{
    /// <summary>The server whose base URL the path belongs to.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Limits, what is kept of the response, and secrets.</summary>
    public HttpNodeOptions Options { get; init; } = HttpNodeOptions.None;

    /// <summary>Whether the answer 429 is a failure: a retry around it waits and tries again.</summary>
    public bool FailsWhenTooMany { get; init; }

    /// <summary>The servers that it needs something of.</summary>
    public string[] Servers => [.. Options.Secrets.Select(secret => secret.Server).Concat(Endpoint is null ? [] : [Endpoint]).Distinct()];
}

/// <summary>The nodes that send HTTP requests.</summary>
internal enum HttpCallKind
{
    /// <summary>HTTP: the body is any text.</summary>
    Plain,

    /// <summary>HTTP_MULTIPART: the body is a form of parts.</summary>
    Multipart,

    /// <summary>HTTP_JSON: the body is JSON.</summary>
    Json,
}

/// <summary>A part of a multipart request.</summary>
/// <param name="Name">The form field.</param>
/// <param name="FileName">For files.</param>
/// <param name="ContentType">Of the data.</param>
/// <param name="DataBase64">The data; white space in it does not count.</param>
internal sealed record HttpPart(string Name, string? FileName, string? ContentType, string DataBase64);

using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>An HTTP request that the engine wants to send: references are replaced, nothing is checked yet.</summary>
/// <param name="Kind">The kind of node that it comes from.</param>
/// <param name="Method">The method, as written in the graph.</param>
/// <param name="Url">An absolute http or https URL; with an endpoint, a path below its base URL.</param>
/// <param name="Headers">The headers, in the order in which they were written.</param>
/// <param name="Body">The body's text; null if there is none, and for multipart requests.</param>
/// <param name="Parts">The parts of a multipart request; otherwise empty.</param>
/// <param name="TimeoutSeconds">The time limit of one exchange, from resolving the name to the last byte of the response.</param>
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

    /// <summary>Limits, what to keep of the response, and secrets.</summary>
    public HttpNodeOptions Options { get; init; } = HttpNodeOptions.None;

    /// <summary>Whether a 429 response is a failure, because a retry around the request waits and tries again.</summary>
    public bool FailsWhenTooMany { get; init; }

    /// <summary>The servers whose settings it needs.</summary>
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
/// <param name="FileName">The file's name, if the part is a file.</param>
/// <param name="ContentType">The content type of the data.</param>
/// <param name="DataBase64">The data; whitespace in it is ignored.</param>
internal sealed record HttpPart(string Name, string? FileName, string? ContentType, string DataBase64);

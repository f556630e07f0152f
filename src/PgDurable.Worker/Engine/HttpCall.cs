namespace PgDurable.Worker.Engine;

/// <summary>An HTTP request, with references replaced.</summary>
internal sealed record HttpCall(
    HttpCallKind Kind, string Method, string Url, IReadOnlyList<(string Name, string Value)> Headers, string? Body, IReadOnlyList<HttpPart> Parts,
    int TimeoutSeconds);

/// <summary>Where a request came from.</summary>
internal enum HttpCallKind
{
    /// <summary><c>df.http</c></summary>
    Plain,

    /// <summary><c>df.http_multipart</c></summary>
    Multipart,

    /// <summary><c>df.http_json</c></summary>
    Json,
}

/// <summary>A part of a multipart request.</summary>
internal sealed record HttpPart(string Name, string? FileName, string? ContentType, string DataBase64);

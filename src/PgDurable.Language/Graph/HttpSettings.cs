namespace PgDurable.Graph;

/// <summary>The settings of a request.</summary>
internal sealed record HttpSettings
{
    /// <summary>The URL; with an <see cref="Endpoint"/>, the path below its base URL.</summary>
    public string Url { get; init; } = "";

    /// <summary>The server whose base URL the path belongs to, or null.</summary>
    public string? Endpoint { get; init; }

    public string Method { get; init; } = Defaults.HttpMethod;

    /// <summary>The body: text for HTTP, JSON for HTTP_JSON, the list of parts as JSON for HTTP_MULTIPART.</summary>
    public string? Body { get; init; }

    /// <summary>The headers as JSON.</summary>
    public string? Headers { get; init; }

    public int TimeoutSeconds { get; init; } = Defaults.HttpTimeoutSeconds;

    /// <summary>The argument of <c>df.with_http_options</c>, member by member; each value is JSON.</summary>
    public IReadOnlyList<(string Name, string Json)> Options { get; init; } = [];
}

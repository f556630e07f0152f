namespace PgDurable;

/// <summary>Options of an HTTP request. In <c>Define</c>, every value is a constant.</summary>
/// <remarks>
/// Secrets are only named here and never stored. At each attempt, the worker reads them from the user mappings of the role that started the
/// workflow.
/// </remarks>
public sealed record HttpOptions
{
    /// <summary>The maximum size of the request body, in bytes, or null for the server's limit.</summary>
    public long? MaxRequestBytes { get; init; }

    /// <summary>The maximum size of the response body, in bytes, or null for the server's limit.</summary>
    public long? MaxResponseBytes { get; init; }

    /// <summary>How much of the response body is kept. <see cref="HttpResponseMode.Inline"/> by default.</summary>
    public HttpResponseMode Response { get; init; }

    /// <summary>The names of the response headers to keep, or null for all.</summary>
    public IReadOnlyList<string>? ResponseHeaders { get; init; }

    /// <summary>
    /// The table that receives the body, qualified with its schema, if <see cref="Response"/> is <see cref="HttpResponseMode.Sink"/>. It
    /// must have the columns <c>sink_key uuid</c> and <c>body bytea</c>.
    /// </summary>
    public string? Into { get; init; }

    /// <summary>Secrets to send as headers, by header name.</summary>
    public IReadOnlyDictionary<string, Secret>? SecretHeaders { get; init; }

    /// <summary>Secrets to send as query parameters, by parameter name.</summary>
    public IReadOnlyDictionary<string, Secret>? SecretQuery { get; init; }

    /// <summary>Secrets to send as form fields, by field name. The body is then a form.</summary>
    public IReadOnlyDictionary<string, Secret>? SecretForm { get; init; }

    /// <summary>
    /// Form fields, by field name. The body is then a form. Values are sent literally: references in them are not replaced.
    /// </summary>
    public IReadOnlyDictionary<string, string>? FormFields { get; init; }
}

/// <summary>A secret that is stored in a user mapping, as in <c>df.secret</c>.</summary>
/// <param name="Server">The name of a <c>pg_durable_fdw</c> server.</param>
/// <param name="Key">The secret's key: the user mapping has the option <c>secret.&lt;key&gt;</c>.</param>
public sealed record Secret(string Server, string Key)
{
    /// <summary>A prefix for the header's value, such as <c>Bearer </c>. Only for headers.</summary>
    public string Prefix { get; init; } = "";
}

namespace PgDurable;

/// <summary>What an HTTP request has beyond method, body and headers. In <c>Define</c> every value is a constant.</summary>
/// <remarks>Secrets are named here and nowhere stored: the worker reads them from the user mappings of the role that starts the workflow, at each attempt.</remarks>
public sealed record HttpOptions
{
    /// <summary>The largest body that is sent, in bytes; null is the server's limit alone.</summary>
    public long? MaxRequestBytes { get; init; }

    /// <summary>The largest body that is received, in bytes; null is the server's limit alone.</summary>
    public long? MaxResponseBytes { get; init; }

    /// <summary>What is kept of the response's body.</summary>
    public HttpResponseMode Response { get; init; }

    /// <summary>The response's headers that are kept; null is all.</summary>
    public IReadOnlyList<string>? ResponseHeaders { get; init; }

    /// <summary>The table that gets the body, with its schema, when <see cref="Response"/> is <see cref="HttpResponseMode.Sink"/>. It has columns <c>sink_key uuid</c> and <c>body bytea</c>.</summary>
    public string? Into { get; init; }

    /// <summary>Secrets that become headers, by the header's name.</summary>
    public IReadOnlyDictionary<string, Secret>? SecretHeaders { get; init; }

    /// <summary>Secrets that become parameters of the URL, by the parameter's name.</summary>
    public IReadOnlyDictionary<string, Secret>? SecretQuery { get; init; }

    /// <summary>Secrets that become fields of the form that the body then is, by the field's name.</summary>
    public IReadOnlyDictionary<string, Secret>? SecretForm { get; init; }

    /// <summary>Fields of the form that the body then is. Their values are literal: nothing in them is replaced.</summary>
    public IReadOnlyDictionary<string, string>? FormFields { get; init; }
}

/// <summary>A named secret of a user mapping: <c>df.secret</c>.</summary>
/// <param name="Server">A server of <c>pg_durable_fdw</c>.</param>
/// <param name="Key">The option <c>secret.&lt;key&gt;</c> of the user mapping.</param>
public sealed record Secret(string Server, string Key)
{
    /// <summary>What a header's value begins with, such as <c>Bearer </c>; only for headers.</summary>
    public string Prefix { get; init; } = "";
}

/// <summary>What is kept of a response's body.</summary>
public enum HttpResponseMode
{
    /// <summary>All of it, in the step's result.</summary>
    Inline,

    /// <summary>Its size and its SHA-256.</summary>
    Metadata,

    /// <summary>Its size.</summary>
    Discard,

    /// <summary>All of it, in a table; the result has the key of the row.</summary>
    Sink,
}

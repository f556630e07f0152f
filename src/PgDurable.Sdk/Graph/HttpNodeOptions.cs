using System.Collections.Immutable;

namespace PgDurable.Graph;

/// <summary>The options of a request, as set by <c>df.with_http_options</c>.</summary>
internal sealed record HttpNodeOptions
{
    public static readonly HttpNodeOptions None = new();

    /// <summary>The maximum size of the request's body, in bytes.</summary>
    public long? MaxRequestBytes { get; init; }

    /// <summary>The maximum size of the response's body, in bytes.</summary>
    public long? MaxResponseBytes { get; init; }

    /// <summary>What is kept of the response's body.</summary>
    public HttpResponseMode Response { get; init; }

    /// <summary>The response headers to keep; null keeps all.</summary>
    public ImmutableArray<string>? ResponseHeaders { get; init; }

    /// <summary>The table that receives the response's body, as written.</summary>
    public string? Into { get; init; }

    /// <summary>Secrets that become headers.</summary>
    public ImmutableArray<SecretBinding> SecretHeaders { get; init; } = [];

    /// <summary>Secrets that become parameters of the URL.</summary>
    public ImmutableArray<SecretBinding> SecretQuery { get; init; } = [];

    /// <summary>Secrets that become fields of a form.</summary>
    public ImmutableArray<SecretBinding> SecretForm { get; init; } = [];

    /// <summary>The other fields of the form, with literal values; null if there are none.</summary>
    public ImmutableArray<KeyValuePair<string, string>>? FormFields { get; init; }

    /// <summary>Whether the body is a form.</summary>
    public bool IsForm => FormFields is not null || SecretForm.Length > 0;

    /// <summary>All secrets.</summary>
    public IEnumerable<SecretBinding> Secrets => SecretHeaders.Concat(SecretQuery).Concat(SecretForm);
}

/// <summary>A secret, and its name in the request.</summary>
/// <param name="Name">The name of the header, parameter or field.</param>
/// <param name="Server">The server whose user mapping has it.</param>
/// <param name="Key">Its key there.</param>
/// <param name="Prefix">The prefix of a header's value; empty for none.</param>
internal sealed record SecretBinding(string Name, string Server, string Key, string Prefix);

using System.Collections.Immutable;

namespace PgDurable.Graph;

/// <summary>What <c>df.with_http_options</c> says of a request.</summary>
internal sealed record HttpNodeOptions
{
    public static readonly HttpNodeOptions None = new();

    /// <summary>The largest body that is sent, in bytes.</summary>
    public long? MaxRequestBytes { get; init; }

    /// <summary>The largest body that is received, in bytes.</summary>
    public long? MaxResponseBytes { get; init; }

    /// <summary>What is kept of the response's body.</summary>
    public HttpResponseMode Response { get; init; }

    /// <summary>The response's headers that are kept; NULL is all.</summary>
    public ImmutableArray<string>? ResponseHeaders { get; init; }

    /// <summary>The table that gets the response's body, as written.</summary>
    public string? Into { get; init; }

    /// <summary>Secrets that become headers.</summary>
    public ImmutableArray<SecretBinding> SecretHeaders { get; init; } = [];

    /// <summary>Secrets that become parameters of the URL.</summary>
    public ImmutableArray<SecretBinding> SecretQuery { get; init; } = [];

    /// <summary>Secrets that become fields of a form.</summary>
    public ImmutableArray<SecretBinding> SecretForm { get; init; } = [];

    /// <summary>The other fields of the form, whose values are literal; NULL without any.</summary>
    public ImmutableArray<KeyValuePair<string, string>>? FormFields { get; init; }

    /// <summary>The body is a form.</summary>
    public bool IsForm => FormFields is not null || SecretForm.Length > 0;

    /// <summary>The secrets, wherever they go.</summary>
    public IEnumerable<SecretBinding> Secrets => SecretHeaders.Concat(SecretQuery).Concat(SecretForm);
}

/// <summary>A secret, and what it is called in the request.</summary>
/// <param name="Name">Of the header, parameter or field.</param>
/// <param name="Server">The server whose user mapping has it.</param>
/// <param name="Key">Its key there.</param>
/// <param name="Prefix">What a header's value begins with; empty for none.</param>
internal sealed record SecretBinding(string Name, string Server, string Key, string Prefix);

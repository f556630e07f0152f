using System.Text.Json;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// The servers of the wrapper <c>pg_durable_fdw</c>, as the submitting role sees them in one snapshot. The catalog lives as long as the
/// attempt, and is never written anywhere.
/// </summary>
internal sealed class EndpointCatalog
{
    public static readonly EndpointCatalog Empty = new();

    private readonly Dictionary<string, Server> _servers = [];
    private bool _isInstalled = true;

    /// <summary>Reads what <c>df._endpoints</c> returns.</summary>
    /// <exception cref="HttpStepException">Another role has read it: the role's own settings switch to that one.</exception>
    public static EndpointCatalog Read(string json, string roleName)
    {
        var catalog = new EndpointCatalog();
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.GetProperty("role").GetString() != roleName)
            throw HttpErrors.Refused($"Endpoint catalog identity differs from submitting role \"{roleName}\"", "ALTER ROLE … RESET role;");
        catalog._isInstalled = document.RootElement.GetProperty("installed").GetBoolean();
        foreach (var server in document.RootElement.GetProperty("servers").EnumerateArray())
        {
            bool Is(string name) => server.GetProperty(name).GetBoolean();
            catalog._servers[server.GetProperty("name").GetString()!] = new Server(
                Is("exists"), Is("ours"), Is("usage"), Options(server.GetProperty("options"))!, Is("mapped"),
                Options(server.GetProperty("mapping")));
        }
        return catalog;
    }

    /// <summary>The server that a request goes to.</summary>
    /// <exception cref="HttpStepException">The server can't be used.</exception>
    public Endpoint Endpoint(string name)
    {
        var server = Find(name);
        var scheme = server.Options.GetValueOrDefault("auth_scheme", "none");
        if (server.Options.GetValueOrDefault("base_url") is not { } baseUrl)
            throw HttpErrors.Refused($"Endpoint server \"{name}\" has no base_url; it can only be used for named secrets", null);
        var credential = scheme == "none" ? null
            : Credential(server, scheme switch { "bearer" => "token", "header" => "header_value", _ => "query_string" });
        return scheme switch
        {
            "none" => new Endpoint(baseUrl, null, null, null),
            "bearer" => new Endpoint(baseUrl, "Authorization", "Bearer " + credential, null),
            "header" => new Endpoint(baseUrl, server.Options["header_name"], credential, null),
            "query" => new Endpoint(baseUrl, null, null, credential!.TrimStart('?')),
            _ => throw HttpErrors.Refused("Unsupported endpoint auth_scheme; allowed: none, bearer, header, query", null),
        };
    }

    /// <summary>The value of a named secret.</summary>
    /// <exception cref="HttpStepException">The secret doesn't exist, or not for this role.</exception>
    public string Secret(string server, string key) =>
        Mapping(Find(server)).GetValueOrDefault("secret." + key) ?? throw HttpErrors.Refused("Referenced secret key is missing",
            "ALTER USER MAPPING FOR … SERVER … OPTIONS (ADD \"secret.<key>\" '…');");

    private static string Credential(Server server, string option) =>
        Mapping(server).GetValueOrDefault(option) is { Length: > 0 } value
            ? value
            : throw HttpErrors.Refused($"Endpoint option '{option}' is required and must not be empty",
                $"ALTER USER MAPPING FOR … SERVER … OPTIONS (ADD {option} '…');");

    private static Dictionary<string, string> Mapping(Server server)
    {
        if (!server.IsMapped)
            throw HttpErrors.Refused("Endpoint user mapping for the submitting role is required; PUBLIC mappings are unsupported",
                "CREATE USER MAPPING FOR … SERVER … OPTIONS (…);");
        return server.Mapping ?? throw HttpErrors.Refused("Endpoint credential options are missing or inaccessible", null);
    }

    private Server Find(string name)
    {
        if (!_isInstalled)
            throw HttpErrors.Refused("Endpoint support is not installed; update the pg_durable extension schema", null);
        var server = _servers.GetValueOrDefault(name);
        if (server is not { Exists: true })
            throw HttpErrors.Refused("Endpoint server does not exist", $"CREATE SERVER … FOREIGN DATA WRAPPER pg_durable_fdw OPTIONS (…);");
        if (!server.IsOurs)
            throw HttpErrors.Refused("Endpoint server must use pg_durable_fdw", null);
        if (!server.MayUse)
            throw HttpErrors.Refused("Permission denied: endpoint server USAGE is required", "GRANT USAGE ON FOREIGN SERVER … TO …;");
        return server;
    }

    // PostgreSQL keeps options as name=value.
    private static Dictionary<string, string>? Options(JsonElement options)
    {
        if (options.ValueKind != JsonValueKind.Array)
            return null;
        var result = new Dictionary<string, string>();
        foreach (var option in options.EnumerateArray())
        {
            var text = option.GetString()!;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            result[text[..equals]] = text[(equals + 1)..];
        }
        return result;
    }

    private sealed record Server(
        bool Exists, bool IsOurs, bool MayUse, Dictionary<string, string> Options, bool IsMapped, Dictionary<string, string>? Mapping);
}

/// <summary>
/// Where an endpoint is, and how it learns who asks. Not a record, because a credential must not get into a text by accident.
/// </summary>
internal sealed class Endpoint(string baseUrl, string? headerName, string? headerValue, string? query)
{
    public string BaseUrl => baseUrl;

    public string? HeaderName => headerName;

    public string? HeaderValue => headerValue;

    /// <summary>What to add to the query, encoded already.</summary>
    public string? Query => query;
}

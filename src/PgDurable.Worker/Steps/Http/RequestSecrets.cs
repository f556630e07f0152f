using System.Net;
using System.Text;
using PgDurable.Graph;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// The parts of a request that come from user mappings, for one attempt. Not a record, because a secret must not get into a text by
/// accident.
/// </summary>
internal sealed class RequestSecrets
{
    public static readonly RequestSecrets None = new([], "", null);

    private RequestSecrets(IReadOnlyList<(string Name, string Value)> headers, string query, byte[]? form) =>
        (Headers, Query, Form) = (headers, query, form);

    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>What to add to the URL's query, encoded; empty if there is nothing.</summary>
    public string Query { get; }

    /// <summary>The body, if it is a form.</summary>
    public byte[]? Form { get; }

    /// <exception cref="HttpStepException">A secret is missing, or would replace something else.</exception>
    public static RequestSecrets Create(HttpCall call, HttpTarget target, Endpoint? endpoint, EndpointCatalog catalog)
    {
        var options = call.Options;
        var headers = new List<(string, string)>();
        if (endpoint is { HeaderName: { } name, HeaderValue: { } credential })
        {
            if (Gives(call, name))
                throw HttpErrors.Refused("Request headers cannot override endpoint routing or authentication", null);
            headers.Add((name, Usable(credential)));
        }
        if (endpoint is not null && Gives(call, "Host"))
            throw HttpErrors.Refused("Request headers cannot override endpoint routing or authentication", null);

        foreach (var secret in options.SecretHeaders)
        {
            if (Gives(call, secret.Name) || Gives(call, "Host"))
                throw HttpErrors.Refused("Secret bindings conflict with ordinary request headers or Host", null);
            if (secret.Name.Equals(endpoint?.HeaderName, StringComparison.OrdinalIgnoreCase))
                throw HttpErrors.Refused("Secret binding cannot override endpoint authentication", null);
            headers.Add((secret.Name, Usable(secret.Prefix + catalog.Secret(secret.Server, secret.Key))));
        }

        var given = options.SecretQuery.Length == 0 ? [] : EndpointUrl.Names(target.Uri.Query).ToHashSet();
        var query = new List<string>();
        foreach (var secret in options.SecretQuery.OrderBy(secret => secret.Name, StringComparer.Ordinal))
        {
            if (given.Contains(secret.Name))
                throw HttpErrors.Refused("Secret binding conflicts with an existing query parameter", null);
            query.Add(Pair(secret.Name, catalog.Secret(secret.Server, secret.Key)));
        }
        return new RequestSecrets(headers, string.Join('&', query), options.IsForm ? FormOf(options, catalog) : null);
    }

    private static byte[] FormOf(HttpNodeOptions options, EndpointCatalog catalog) => Encoding.ASCII.GetBytes(string.Join('&',
        options.SecretForm.Select(secret => (secret.Name, Value: catalog.Secret(secret.Server, secret.Key)))
            .Concat((options.FormFields ?? []).Select(field => (Name: field.Key, field.Value)))
            .OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => Pair(field.Name, field.Value))));

    private static string Pair(string name, string value) => $"{WebUtility.UrlEncode(name)}={WebUtility.UrlEncode(value)}";

    private static bool Gives(HttpCall call, string header) =>
        call.Headers.Any(given => given.Name.Equals(header, StringComparison.OrdinalIgnoreCase));

    private static string Usable(string value) =>
        value.Any(c => c is (< ' ' and not '\t') or > '~')
            ? throw HttpErrors.Refused("Resolved secret is not a valid HTTP header value", null) : value;
}
